//! The figures that an amendment changes, before and after.

use crate::encoding::count;
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::amendment::{Decided, Past};
use millrace_domain::session::Effect;
use millrace_domain::storage::Result;
use millrace_protocol::amendment::{Figures, ItemFigures, StatusFigures, StepFigures, TimeClassFigures};
use millrace_protocol::{JobItemId, StepId};
use std::collections::BTreeSet;

/// What the figures are about: the same before and after.
#[derive(Debug, Default)]
pub(super) struct Concerned {
    items: BTreeSet<JobItemId>,
    steps: BTreeSet<StepId>,
}

/// Everything that a session worked on, and will have worked on.
pub(super) fn concerned(past: &Past, decided: &Decided) -> Concerned {
    let amended = decided.effects.iter().filter_map(|effect| match effect {
        Effect::StatusEvent { new, .. } => Some((new.job_item_id, new.step_id)),
        Effect::Count(entry) => Some((entry.job_item_id, entry.step_id)),
        _ => None,
    });
    let mut concerned = of(past);
    for (item, step) in amended {
        concerned.items.extend(item);
        concerned.steps.extend(step);
    }
    concerned
}

/// Everything that a session worked on.
pub(super) fn of(past: &Past) -> Concerned {
    let events = past.events.iter().map(|event| (event.job_item_id, event.step_id));
    let entries = past.entries.iter().map(|entry| (entry.job_item_id, entry.step_id));
    let mut concerned = Concerned::default();
    for (item, step) in events.chain(entries) {
        concerned.items.extend(item);
        concerned.steps.extend(step);
    }
    concerned
}

impl Tx {
    /// The figures as they are now.
    pub(super) async fn figures(&mut self, past: &Past, concerned: &Concerned) -> Result<Figures> {
        let mut figures = Figures {
            started_at: past.session.started_at,
            ended_at: past.session.ended_at,
            worker_name: past.session.worker_name.clone(),
            totals: past.session.totals,
            steps: vec![],
            items: vec![],
            statuses: vec![],
            time_classes: vec![],
            unknown_ms: 0,
        };
        for &id in &concerned.items {
            let Some((item, _)) = self.item(id).await? else { continue };
            for step in item.steps.iter().filter(|step| concerned.steps.contains(&step.id)) {
                figures.steps.push(StepFigures {
                    step_id: step.id,
                    job_item_id: id,
                    position: step.position,
                    good: step.good,
                    scrap: step.scrap,
                });
            }
            let now = self.now.millis();
            let time = sqlx::query_file_scalar!("queries/item_time.sql", id.0, now)
                .fetch_one(&mut self.conn)
                .await
                .during("adding up an item's time")?;
            figures.items.push(ItemFigures {
                job_item_id: id,
                job_number: item.job_number,
                name: item.name,
                completed_good: item.completed_good,
                completed_scrap: item.completed_scrap,
                complete: item.complete,
                time_ms: count(time)?,
            });
        }
        for event in &past.events {
            let time = event.ended_at.unwrap_or(self.now).millis_since(event.started_at).max(0).unsigned_abs();
            if event.unknown {
                figures.unknown_ms += time;
                continue;
            }
            let status = figures.statuses.iter_mut().find(|s| s.status_definition_id == event.status_definition_id);
            match status {
                Some(status) => status.time_ms += time,
                None => figures.statuses.push(StatusFigures {
                    status_definition_id: event.status_definition_id,
                    labels: event.status.labels.clone(),
                    time_ms: time,
                }),
            }
            match figures.time_classes.iter_mut().find(|class| class.time_class == event.time_class) {
                Some(class) => class.time_ms += time,
                None => figures.time_classes.push(TimeClassFigures { time_class: event.time_class, time_ms: time }),
            }
        }
        Ok(figures)
    }
}
