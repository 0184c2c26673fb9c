//! What a worker can work on, and where. Each update has all of it: a simple client puts it in place of what it had.

use super::Drawn;
use crate::stream::frame::{self, Event};
use crate::stream::picture::{Moved, Picture, stations_of};
use millrace_domain::storage::FloorStation;
use millrace_protocol::job::{Job, JobItem};
use millrace_protocol::stream::{PipelineStep, PipelineUpdate, StationOption};
use millrace_protocol::{JobId, StationId, StepId, WorkerId};
use serde::Serialize;
use std::collections::HashSet;

/// Of one worker: the stations of a job's steps, or all of them, for choosing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pipeline {
    /// Who is to choose.
    pub worker: WorkerId,
    /// The job he looks at.
    pub job: Option<JobId>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    job_items: Vec<JobItem>,
    station_options: Vec<StationOption>,
}

impl Pipeline {
    fn draw(self, picture: &Picture) -> Members {
        let items: Vec<&JobItem> =
            picture.jobs(self.job).flat_map(|job| &job.items).filter(|item| self.job.is_some() || open(item)).collect();
        let at: HashSet<StationId> = items.iter().flat_map(|item| &item.steps).map(|step| step.station_id).collect();
        let stations = picture.stations().into_iter();
        let stations = stations.filter(|station| self.job.is_none() || at.contains(&station.id));
        let option = |station: &FloorStation| {
            let here = |item: &&&JobItem| item.steps.iter().any(|step| step.station_id == station.id);
            let steps: Vec<_> = items.iter().flat_map(|item| steps_at(item, station.id)).collect();
            let first = steps.first();
            StationOption {
                station_id: station.id,
                code: station.code.clone(),
                name: station.name.clone(),
                kind: station.kind.clone(),
                allowed: picture.allows(self.worker, station.id),
                outside_assignment: picture.is_outside(self.worker, station.id),
                occupancy: picture.occupancy(station.id),
                open_items: u32::try_from(items.iter().filter(here).filter(|item| open(item)).count())
                    .unwrap_or(u32::MAX),
                previous_step_id: first.and_then(|step: &PipelineStep| step.previous_step_id),
                next_step_id: first.and_then(|step| step.next_step_id),
                steps,
            }
        };
        let station_options = stations.map(option).collect();
        Members { job_items: items.into_iter().cloned().collect(), station_options }
    }

    /// Whether what moved is in it.
    fn shows(self, picture: &Picture, moved: &Moved) -> bool {
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

fn steps_at(item: &JobItem, station: StationId) -> impl Iterator<Item = PipelineStep> {
    let id_at = |index: Option<usize>| -> Option<StepId> { item.steps.get(index?).map(|step| step.id) };
    let steps = item.steps.iter().enumerate().filter(move |(_, step)| step.station_id == station);
    steps.map(move |(index, step)| PipelineStep {
        job_item_id: item.id,
        step_id: step.id,
        position: step.position,
        is_terminal: step.is_terminal,
        good: step.good,
        scrap: step.scrap,
        wip: step.wip,
        previous_step_id: id_at(index.checked_sub(1)),
        next_step_id: id_at(Some(index + 1)),
    })
}

impl Drawn for Pipeline {
    fn members(&self, picture: &Picture) -> String {
        frame::json(&self.draw(picture))
    }

    fn events(&self, picture: &Picture, moved: &Moved, offset: u64) -> Vec<Event> {
        if !self.shows(picture, moved) {
            return Vec::new();
        }
        let Members { job_items, station_options } = self.draw(picture);
        vec![Event::new("update", &PipelineUpdate { offset, job_items, station_options })]
    }
}
