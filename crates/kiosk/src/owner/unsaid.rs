//! What became of earlier actions, until somebody has seen it.

use super::Owner;
use crate::engine::CommandError;

impl Owner {
    /// Reads anew what nobody has seen yet.
    pub(super) async fn recount(&mut self) {
        match self.store.unsaid().await {
            Ok(unsaid) => self.unsaid = unsaid,
            Err(error) => tracing::warn!(%error, "what became of earlier actions can't be read"),
        }
    }

    pub(super) async fn acknowledge_unsaid(&mut self, seqs: &[u64]) -> Result<(), CommandError> {
        let said = self.store.said(seqs).await;
        self.wrote(said)?;
        self.recount().await;
        Ok(())
    }
}
