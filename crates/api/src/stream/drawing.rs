//! What pipelines show, drawn once for all who see the same: one job, or all of them, under the same permissions.
//!
//! Most workers may work everywhere, so most look at one drawing. It is bytes already, in the shape in which `initial`
//! and `update` end; what stands before differs with the position.

use super::budget::{Budget, Spent};
use super::picture::Picture;
use super::view::Pipeline;
use bytes::Bytes;
use millrace_domain::people::MeantFor;
use millrace_protocol::JobId;
use std::sync::{Arc, OnceLock};

/// How many drawings are kept at most; more are drawn again.
const KEPT: usize = 64;

/// One state of one pipeline.
#[derive(Debug)]
pub(super) struct Drawing {
    job: Option<JobId>,
    meant_for: Option<MeantFor>,
    /// True from here on, until something moves.
    at: u64,
    /// `,"jobItems":[…],"stationOptions":[…]}` and the blank line.
    whole: Bytes,
    /// Where in it the stations begin.
    stations_at: usize,
    _kept: Spent,
}

impl Drawing {
    /// How `initial` ends.
    pub(super) fn whole(&self) -> Bytes {
        self.whole.clone()
    }

    fn draw(pipeline: Pipeline, picture: &Picture, items: Option<Bytes>, budget: &Arc<Budget>) -> Self {
        let (drawn_items, stations) = pipeline.draw(picture, items.is_none());
        let items = items.unwrap_or_else(|| drawn_items.into());
        let begins = b",\"jobItems\":";
        let stations = format!(",\"stationOptions\":{stations}}}\n\n");
        let whole: Bytes = [&begins[..], &items[..], stations.as_bytes()].concat().into();
        Self {
            job: pipeline.job,
            meant_for: picture.meant_for(pipeline.worker).cloned(),
            at: picture.at(),
            stations_at: begins.len() + items.len(),
            _kept: budget.spend(whole.len()),
            whole,
        }
    }

    fn items(&self) -> Bytes {
        self.whole.slice(b",\"jobItems\":".len()..self.stations_at)
    }
}

/// An `update` of a pipeline.
#[derive(Debug)]
pub(super) struct Told {
    /// Its offset.
    pub(super) offset: u64,
    head: String,
    drawing: Arc<Drawing>,
    /// For who has the items.
    stations: OnceLock<(Bytes, Spent)>,
    /// For who has not.
    whole: OnceLock<(Bytes, Spent)>,
    budget: Arc<Budget>,
}

impl Told {
    /// The event that tells this drawing.
    pub(super) fn new(epoch: &str, offset: u64, drawing: Arc<Drawing>, budget: &Arc<Budget>) -> Self {
        let head = format!("id: {epoch}.{offset}\nevent: update\ndata: {{\"offset\":{offset}");
        Self { offset, head, drawing, stations: OnceLock::new(), whole: OnceLock::new(), budget: budget.clone() }
    }

    /// Its bytes, with the items or without; made once, for all.
    pub(super) fn bytes(&self, items: bool) -> Bytes {
        let (of, from) = if items { (&self.whole, 0) } else { (&self.stations, self.drawing.stations_at) };
        let made = of.get_or_init(|| {
            let bytes: Bytes = [self.head.as_bytes(), &self.drawing.whole[from..]].concat().into();
            let kept = self.budget.spend(bytes.len());
            (bytes, kept)
        });
        made.0.clone()
    }
}

/// The drawings of a moment.
#[derive(Debug)]
pub(super) struct Drawings {
    kept: Vec<Arc<Drawing>>,
    budget: Arc<Budget>,
    #[cfg(test)]
    pub(super) made: usize,
}

impl Drawings {
    /// None yet.
    pub(super) fn new(budget: Arc<Budget>) -> Self {
        Self {
            kept: Vec::new(),
            budget,
            #[cfg(test)]
            made: 0,
        }
    }

    /// What a pipeline shows now: drawn, unless somebody else's drawing shows the same.
    pub(super) fn of(&mut self, pipeline: Pipeline, picture: &Picture) -> Arc<Drawing> {
        let meant_for = picture.meant_for(pipeline.worker);
        let alike = |known: &&Arc<Drawing>| known.job == pipeline.job && known.meant_for.as_ref() == meant_for;
        let known = self.kept.iter().position(|known| alike(&known));
        if let Some(known) = known.map(|index| &self.kept[index])
            && known.at >= picture.moved_at()
        {
            return known.clone();
        }
        // The items are the same for everybody who looks at the same job.
        let items = self.kept.iter().find(|known| known.job == pipeline.job && known.at >= picture.jobs_moved_at());
        let items = items.map(|known| known.items());
        let drawn = Arc::new(Drawing::draw(pipeline, picture, items, &self.budget));
        #[cfg(test)]
        {
            self.made += 1;
        }
        if let Some(known) = known {
            self.kept.remove(known);
        }
        self.kept.push(drawn.clone());
        if self.kept.len() > KEPT {
            self.kept.remove(0);
        }
        drawn
    }

    /// Lets go of what is not true any more, and of what nobody holds.
    pub(super) fn tidy(&mut self, picture: &Picture) {
        self.kept.retain(|known| Arc::strong_count(known) > 1 && known.at >= picture.jobs_moved_at());
    }
}
