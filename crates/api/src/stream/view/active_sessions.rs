//! The open sessions of the floor. A session enters with `insert`, changes with `update`, leaves with `delete`.

use super::{Taken, View};
use crate::stream::distributor::Distributor;
use crate::stream::frame::Event;
use crate::stream::fresh::Fresh;
use async_trait::async_trait;
use millrace_domain::change::Row;
use millrace_domain::storage::Result;
use millrace_protocol::session::{Session, SessionStatus};
use millrace_protocol::stream::{SessionChanged, SessionGone};
use serde::Serialize;

/// The view.
#[derive(Debug)]
pub(super) struct ActiveSessions;

#[derive(Serialize)]
struct Members<'a> {
    sessions: Vec<&'a Session>,
}

#[async_trait]
impl View for ActiveSessions {
    async fn snapshot(&self, hub: &Distributor) -> Result<Taken> {
        Ok(hub.pictured(|picture| Taken::new(picture.at(), &Members { sessions: picture.open() })).await)
    }

    fn events(&self, change: &Fresh) -> Vec<Event> {
        let Row::Sessions { old, new, .. } = &change.row else { return Vec::new() };
        let active = |session: &Session| session.status == SessionStatus::Active;
        let was = old.as_deref().is_some_and(active);
        let offset = change.offset;
        let event = match (was, active(new)) {
            (false, true) => Event::new("insert", &SessionChanged { offset, session: (**new).clone() }),
            (true, true) => Event::new("update", &SessionChanged { offset, session: (**new).clone() }),
            (true, false) => {
                Event::new("delete", &SessionGone { offset, session_id: new.id, reason: new.close_reason })
            }
            (false, false) => return Vec::new(),
        };
        vec![event]
    }
}
