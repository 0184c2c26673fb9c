//! Planning: what a job, an item and its steps may be, and when its steps stand still.
//!
//! Deliberately not here: whether an item may be worked on (that is asked when it is bound), and progress, which
//! follows from the ledger.

use crate::Refusal;
use crate::draft::invalid;
use crate::text::{line, line_if_any, mark};
use chrono::NaiveDate;
use millrace_protocol::StepId;
use millrace_protocol::job::{Job, JobItem, JobStep};
use millrace_protocol::planning::{JobDraft, JobItemDraft, JobState, PresetDraft, StepDraft};
use millrace_protocol::time::Timestamp;

/// The longest number of a job, in characters.
const NUMBER_MAX: usize = 60;
/// The longest name of a customer, an item or a preset, in characters: longer than those of tiles.
const NAME_MAX: usize = 120;
/// The longest description of a job, in characters.
const DESCRIPTION_MAX: usize = 2_000;
/// The longest reason for closing short, in characters.
const REASON_MAX: usize = 500;
/// The most pieces of an item.
const PIECES_MAX: u64 = 1_000_000_000;
/// The most steps of an item.
const STEPS_MAX: usize = 50;
/// The longest planned time of one piece, in milliseconds: 30 days.
const PIECE_MS_MAX: u64 = 30 * 24 * 3_600_000;

/// A step of an item as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// The step that it is already; none where it is new.
    pub is: Option<StepId>,
    /// What it is to be.
    pub draft: StepDraft,
}

/// What becomes of an item's steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepChange {
    /// The steps as they are to be, in order.
    pub steps: Vec<PlannedStep>,
    /// Those that are no more.
    pub gone: Vec<JobStep>,
}

/// A job as it may be stored: without blanks around its texts.
///
/// # Errors
/// [`Refusal::Invalid`], naming the member.
pub fn check_job(draft: &JobDraft) -> Result<JobDraft, Refusal> {
    Ok(JobDraft {
        number: mark("The number", &draft.number, NUMBER_MAX)?,
        customer: line_if_any("The customer", draft.customer.as_deref(), NAME_MAX)?,
        description: check_description(draft.description.as_deref())?,
        due_on: draft.due_on.as_deref().map(check_day).transpose()?,
    })
}

/// A new item as it may be stored.
///
/// # Errors
/// [`Refusal::Invalid`], naming the member; also where it has both steps and preset, or neither.
pub fn check_new_item(draft: JobItemDraft) -> Result<JobItemDraft, Refusal> {
    if draft.steps.is_none() && draft.preset_id.is_none() {
        return Err(invalid("An item needs `steps`, or a `presetId` to take them from."));
    }
    check_item(draft)
}

/// A change of an item as it may be stored. Without steps and preset, its steps stay.
///
/// # Errors
/// [`Refusal::Invalid`], naming the member; also where it has both steps and preset.
pub fn check_item(draft: JobItemDraft) -> Result<JobItemDraft, Refusal> {
    let name = line("The name", &draft.name, NAME_MAX)?;
    if !(1..=PIECES_MAX).contains(&draft.planned_quantity) {
        return Err(invalid(format!("`plannedQuantity` is 1 to {PIECES_MAX} pieces.")));
    }
    match (&draft.steps, draft.preset_id) {
        (Some(_), Some(_)) => Err(invalid("Give `steps` or a `presetId`, not both.")),
        (Some(steps), None) => check_steps(steps).map(|()| JobItemDraft { name, ..draft }),
        (None, _) => Ok(JobItemDraft { name, ..draft }),
    }
}

/// A preset as it may be stored: its steps are nobody's yet.
///
/// # Errors
/// [`Refusal::Invalid`], naming the member.
pub fn check_preset(draft: PresetDraft) -> Result<PresetDraft, Refusal> {
    check_steps(&draft.steps)?;
    if draft.steps.iter().any(|step| step.id.is_some()) {
        return Err(invalid("The steps of a preset have no `id`: they are steps of no item. Leave it out."));
    }
    Ok(PresetDraft { name: line("The name", &draft.name, NAME_MAX)?, ..draft })
}

/// Checks a list of steps by itself.
///
/// # Errors
/// [`Refusal::Invalid`] for none, too many, or a planned time that can't be meant.
pub fn check_steps(steps: &[StepDraft]) -> Result<(), Refusal> {
    if !(1..=STEPS_MAX).contains(&steps.len()) {
        return Err(invalid(format!("An item has 1 to {STEPS_MAX} steps; these are {}.", steps.len())));
    }
    let untimely = |step: &StepDraft| step.planned_ms_per_piece.is_some_and(|ms| !(1..=PIECE_MS_MAX).contains(&ms));
    match steps.iter().position(untimely) {
        Some(index) => Err(invalid(format!(
            "Step {}: `plannedMsPerPiece` is 1 to {PIECE_MS_MAX} ms. Leave it out where it is not known.",
            index + 1
        ))),
        None => Ok(()),
    }
}

/// Why an item is closed short.
///
/// # Errors
/// [`Refusal::Invalid`] for none, or one that is too long.
pub fn check_reason(reason: &str) -> Result<String, Refusal> {
    line("The reason", reason, REASON_MAX)
}

/// Why an item is opened again.
///
/// # Errors
/// [`Refusal::Invalid`] for one that is too long.
pub fn check_optional_reason(reason: Option<&str>) -> Result<Option<String>, Refusal> {
    line_if_any("The reason", reason, REASON_MAX)
}

/// Which step of an item becomes which; nothing where all stay as they are.
///
/// A step is itself by its id, or else by its station, in order. At another station it is another step: what was
/// done at the former one stays said of that one.
///
/// # Errors
/// [`Refusal::StepsFrozen`] for a change after the item's first production; [`Refusal::Invalid`] for a step of
/// another item, or one that is named twice.
pub fn change_steps(
    frozen_at: Option<Timestamp>,
    have: &[JobStep],
    wanted: &[StepDraft],
) -> Result<Option<StepChange>, Refusal> {
    let mut left: Vec<&JobStep> = have.iter().collect();
    let mut named = Vec::with_capacity(wanted.len());
    for (index, draft) in wanted.iter().enumerate() {
        let Some(id) = draft.id else {
            named.push(None);
            continue;
        };
        let twice = wanted[..index].iter().any(|other| other.id == Some(id));
        let Some(at) = left.iter().position(|step| step.id == id).filter(|_| !twice) else {
            return Err(invalid(format!(
                "Step {}: its `id` is no step of this item, or names one twice. Leave the id of a new step out.",
                index + 1
            )));
        };
        let same = left[at].station_id == draft.station_id;
        named.push(same.then(|| left.remove(at)));
    }
    let steps: Vec<(Option<&JobStep>, &StepDraft)> = named
        .into_iter()
        .zip(wanted)
        .map(|(named, draft)| match (named, draft.id) {
            (None, None) => {
                let at = left.iter().position(|step| {
                    step.station_id == draft.station_id && !wanted.iter().any(|other| other.id == Some(step.id))
                });
                (at.map(|at| left.remove(at)), draft)
            }
            (named, _) => (named, draft),
        })
        .collect();

    let stays = |(index, (step, draft)): (usize, &(Option<&JobStep>, &StepDraft))| {
        step.is_some_and(|step| {
            have.get(index).is_some_and(|had| had.id == step.id)
                && step.planned_ms_per_piece == draft.planned_ms_per_piece
                && step.first_product_approval == draft.first_product_approval
        })
    };
    if left.is_empty() && steps.iter().enumerate().all(stays) {
        return Ok(None);
    }
    if let Some(since) = frozen_at {
        return Err(Refusal::StepsFrozen { since });
    }
    let steps = steps.into_iter().map(|(step, draft)| PlannedStep { is: step.map(|s| s.id), draft: draft.clone() });
    Ok(Some(StepChange { steps: steps.collect(), gone: left.into_iter().cloned().collect() }))
}

/// Closes an item short.
///
/// # Errors
/// [`Refusal::InvalidTransition`] where it is closed short or put away already, and where nothing is short: as many
/// good pieces were made as were planned.
pub fn may_close_short(item: &JobItem) -> Result<(), Refusal> {
    let no = |what: &str| Err(Refusal::InvalidTransition { what: what.to_owned() });
    if item.closed_short_at.is_some() {
        return no("This item was closed short already. Reload it.");
    }
    if item.completed_good >= item.planned_quantity {
        return no("This item is complete: as many good pieces were made as planned. There is nothing to close.");
    }
    not_put_away(item)
}

/// Opens an item again that was closed short.
///
/// # Errors
/// [`Refusal::InvalidTransition`] where it was not, or is put away.
pub fn may_reopen(item: &JobItem) -> Result<(), Refusal> {
    if item.closed_short_at.is_none() {
        return Err(Refusal::InvalidTransition {
            what: "This item was not closed short: there is nothing to reopen. Raise its planned quantity to have more made."
                .into(),
        });
    }
    not_put_away(item)
}

fn not_put_away(item: &JobItem) -> Result<(), Refusal> {
    match item.archived_at {
        Some(_) => Err(Refusal::InvalidTransition {
            what: "This item, or its job, is archived. Take it out of the archive first.".into(),
        }),
        None => Ok(()),
    }
}

/// How far a job is. Items that were put away by themselves don't count.
#[must_use]
pub fn job_state(job: &Job) -> JobState {
    let mut counted = job.items.iter().filter(|item| item.archived_at.is_none()).peekable();
    if job.archived_at.is_some() {
        JobState::Archived
    } else if counted.peek().is_some() && counted.all(|item| item.complete) {
        JobState::Done
    } else {
        JobState::Open
    }
}

/// How far an item is.
#[must_use]
pub fn item_state(item: &JobItem) -> JobState {
    if item.archived_at.is_some() {
        JobState::Archived
    } else if item.complete {
        JobState::Done
    } else {
        JobState::Open
    }
}

fn check_day(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.to_string());
    // As it was written, and in ten characters: years of four digits sort as text.
    day.filter(|day| day.len() == 10 && day == text)
        .ok_or_else(|| invalid("`dueOn` is a day of the calendar, YYYY-MM-DD."))
}

/// A text of several lines, perhaps; without blanks around it, and an empty one is none.
fn check_description(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(invalid("The description holds a character that can't be seen. Take it out."));
    }
    if text.chars().count() > DESCRIPTION_MAX {
        return Err(invalid(format!("The description is longer than {DESCRIPTION_MAX} characters. Shorten it.")));
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests;
