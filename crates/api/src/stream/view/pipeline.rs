//! What a worker can work on, and where. Each update has all stations, and all items where one of them moved: a simple
//! client puts them in place of what it had.

use crate::stream::frame;
use crate::stream::picture::{Moved, Picture, stations_of};
use millrace_domain::storage::FloorStation;
use millrace_protocol::job::{Job, JobItem};
use millrace_protocol::stream::{PipelineStep, StationOption};
use millrace_protocol::{JobId, StationId, StepId, WorkerId};
use std::collections::{HashMap, HashSet};

/// Of one worker: the stations of a job's steps, or all of them, for choosing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pipeline {
    /// Who is to choose.
    pub worker: WorkerId,
    /// The job he looks at.
    pub job: Option<JobId>,
}

impl Pipeline {
    /// The items, where they are wanted, and the stations, as JSON.
    pub(in crate::stream) fn draw(self, picture: &Picture, with_items: bool) -> (String, String) {
        let items: Vec<&JobItem> =
            picture.jobs(self.job).flat_map(|job| &job.items).filter(|item| self.job.is_some() || open(item)).collect();
        // Once over the items, not once for each station.
        let mut at: HashMap<StationId, Here> = HashMap::new();
        for item in &items {
            let mut counted = HashSet::new();
            for (station, step) in steps_of(item) {
                let here = at.entry(station).or_default();
                here.open += u32::from(open(item) && counted.insert(station));
                here.steps.push(step);
            }
        }
        let stations = picture.stations().into_iter();
        let stations = stations.filter(|station| self.job.is_none() || at.contains_key(&station.id));
        let stations: Vec<_> = stations.cloned().collect();
        let option = |station: FloorStation| {
            let Here { open, steps } = at.remove(&station.id).unwrap_or_default();
            let first = steps.first();
            StationOption {
                station_id: station.id,
                allowed: picture.allows(self.worker, station.id),
                outside_assignment: picture.is_outside(self.worker, station.id),
                occupancy: picture.occupancy(station.id),
                open_items: open,
                previous_step_id: first.and_then(|step: &PipelineStep| step.previous_step_id),
                next_step_id: first.and_then(|step| step.next_step_id),
                code: station.code,
                name: station.name,
                kind: station.kind,
                steps,
            }
        };
        let options: Vec<_> = stations.into_iter().map(option).collect();
        (if with_items { frame::json(&items) } else { String::new() }, frame::json(&options))
    }

    /// Whether what moved is in it.
    pub(in crate::stream) fn shows(self, picture: &Picture, moved: &Moved) -> bool {
        if moved.worker == Some(self.worker) {
            return true;
        }
        let Some(job) = self.job else { return !moved.stations.is_empty() || !moved.jobs.is_empty() };
        let mut at = picture.jobs(Some(job)).flat_map(|job: &Job| stations_of(job));
        moved.jobs.iter().any(|(id, _)| *id == job)
            || at.any(|station| moved.stations.iter().any(|(id, _)| *id == station))
    }
}

/// Whether an item is still to be worked on.
fn open(item: &JobItem) -> bool {
    !item.complete && item.archived_at.is_none()
}

/// The steps of an item, each with its station.
fn steps_of(item: &JobItem) -> impl Iterator<Item = (StationId, PipelineStep)> {
    let id_at = |index: Option<usize>| -> Option<StepId> { item.steps.get(index?).map(|step| step.id) };
    item.steps.iter().enumerate().map(move |(index, step)| {
        let told = PipelineStep {
            job_item_id: item.id,
            step_id: step.id,
            position: step.position,
            is_terminal: step.is_terminal,
            good: step.good,
            scrap: step.scrap,
            wip: step.wip,
            previous_step_id: id_at(index.checked_sub(1)),
            next_step_id: id_at(Some(index + 1)),
        };
        (step.station_id, told)
    })
}

/// What is to be done at a station.
#[derive(Default)]
struct Here {
    open: u32,
    steps: Vec<PipelineStep>,
}
