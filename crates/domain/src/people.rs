//! What workers, badges and users may be like.

use crate::Refusal;
use crate::draft::{code, invalid, name};
use crate::labels::is_language;
use crate::text::{NAME_MAX, line_if_any, mark};
use millrace_protocol::StationId;
use millrace_protocol::people::{BadgeDraft, NewUser, UserDraft, WorkerDraft, WorkerRecord};
use millrace_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest user name, in characters.
const USERNAME_MAX: usize = 60;
/// A shorter password is guessed.
pub const PASSWORD_MIN: usize = 10;
/// A longer one is a mistake, and work for the server.
const PASSWORD_MAX: usize = 200;
/// The most stations a worker is meant for.
const STATIONS_MAX: usize = 500;
/// How much of a badge's code is kept to tell it from another, in characters.
const HINT: usize = 4;

/// The stations a worker is meant for. Who is meant for none in particular may use all, and so does nothing unusual
/// anywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeantFor {
    /// These; none: all.
    pub stations: BTreeSet<StationId>,
    /// Whether others are refused. Otherwise they are allowed, and a session there is marked.
    pub strict: bool,
}

impl MeantFor {
    /// Whether he is meant for other stations than this one.
    #[must_use]
    pub fn is_outside(&self, station: StationId) -> bool {
        !self.stations.is_empty() && !self.stations.contains(&station)
    }

    /// Whether he may work at a station.
    #[must_use]
    pub fn allows(&self, station: StationId) -> bool {
        !(self.strict && self.is_outside(station))
    }

    /// Whether a session of his at a station is marked.
    ///
    /// # Errors
    /// [`Refusal::StationNotAllowed`] where he may not work there.
    pub fn marks(&self, station: StationId) -> Result<bool, Refusal> {
        if self.allows(station) { Ok(self.is_outside(station)) } else { Err(Refusal::StationNotAllowed) }
    }
}

impl From<&WorkerRecord> for MeantFor {
    fn from(worker: &WorkerRecord) -> Self {
        Self { stations: worker.station_ids.iter().copied().collect(), strict: worker.strict_stations }
    }
}

impl From<&WorkerDraft> for MeantFor {
    fn from(worker: &WorkerDraft) -> Self {
        Self { stations: worker.station_ids.iter().copied().collect(), strict: worker.strict_stations }
    }
}

/// Checks a worker.
///
/// # Errors
/// [`Refusal::Invalid`], saying what is wrong.
pub fn worker(draft: WorkerDraft) -> Result<WorkerDraft, Refusal> {
    let WorkerDraft { code: typed, name: called, department, language, active, mut station_ids, strict_stations } =
        draft;
    if !is_language(&language) {
        return Err(invalid("`language` is a language tag: `en`, `he`, `pt-BR`. Choose one."));
    }
    station_ids.sort_unstable();
    station_ids.dedup();
    if station_ids.len() > STATIONS_MAX {
        return Err(invalid(format!("A worker is meant for {STATIONS_MAX} stations at most; for all, name none.")));
    }
    if strict_stations && station_ids.is_empty() {
        return Err(invalid("`strictStations` refuses all but `stationIds`: name at least one, or take it off."));
    }
    Ok(WorkerDraft {
        code: code(&typed)?,
        name: name(&called)?,
        department: line_if_any("The department", department.as_deref(), NAME_MAX)?,
        language,
        active,
        station_ids,
        strict_stations,
    })
}

/// Checks a PIN.
///
/// # Errors
/// [`Refusal::Invalid`] unless it is 4 to 12 digits.
pub fn pin(pin: &str) -> Result<(), Refusal> {
    if (4..=12).contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(invalid("A PIN is 4 to 12 digits. Choose another."))
}

/// A badge as it is to be stored, but for its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBadge {
    /// What the reader types.
    pub code: String,
    /// The part of it that is kept.
    pub hint: String,
    /// From when it signs in; absent: from now on.
    pub valid_from: Option<Timestamp>,
    /// Until when.
    pub valid_to: Option<Timestamp>,
}

/// Checks a badge.
///
/// # Errors
/// [`Refusal::Invalid`], saying what is wrong.
pub fn badge(draft: &BadgeDraft) -> Result<NewBadge, Refusal> {
    let code = mark("The code of a badge", &draft.code, 128)?;
    let length = code.chars().count();
    if length < 4 {
        return Err(invalid("The code of a badge has at least 4 characters. Scan it again."));
    }
    if draft.valid_to.is_some_and(|to| draft.valid_from.is_some_and(|from| to <= from)) {
        return Err(invalid("`validTo` is not after `validFrom`. Change one of them."));
    }
    // Of a short one less is shown: the rest must not be guessed.
    let shown = HINT.min(length / 2);
    let hint = code.chars().skip(length - shown).collect();
    Ok(NewBadge { code, hint, valid_from: draft.valid_from, valid_to: draft.valid_to })
}

/// Checks a user.
///
/// # Errors
/// [`Refusal::Invalid`], saying what is wrong.
pub fn user(draft: UserDraft) -> Result<UserDraft, Refusal> {
    let UserDraft { username: typed, name: called, role, active, worker_id } = draft;
    let username = mark("The user name", &typed, USERNAME_MAX)?;
    if username.chars().any(char::is_whitespace) {
        return Err(invalid("The user name holds a blank. Take it out."));
    }
    Ok(UserDraft { username, name: name(&called)?, role, active, worker_id })
}

/// Checks a new user; the password comes apart, to be hashed.
///
/// # Errors
/// [`Refusal::Invalid`], saying what is wrong.
pub fn new_user(new: NewUser) -> Result<(UserDraft, String), Refusal> {
    let NewUser { username, name, role, active, worker_id, password: secret } = new;
    password(&secret)?;
    Ok((user(UserDraft { username, name, role, active, worker_id })?, secret))
}

/// Checks a password.
///
/// # Errors
/// [`Refusal::Invalid`] for one that is too short to be safe, or absurdly long.
pub fn password(password: &str) -> Result<(), Refusal> {
    if (PASSWORD_MIN..=PASSWORD_MAX).contains(&password.chars().count()) {
        return Ok(());
    }
    Err(invalid(format!("A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters. Choose another.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::id;

    fn draft() -> WorkerDraft {
        WorkerDraft {
            code: " 1001 ".into(),
            name: "Maya Cohen".into(),
            department: Some(" ".into()),
            language: "he".into(),
            active: true,
            station_ids: vec![StationId(id(2)), StationId(id(1)), StationId(id(2))],
            strict_stations: true,
        }
    }

    #[test]
    fn a_worker_is_put_in_order() {
        let worker = worker(draft()).expect("can be");
        assert_eq!((worker.code.as_str(), worker.department), ("1001", None));
        assert_eq!(worker.station_ids, [StationId(id(1)), StationId(id(2))]);
    }

    #[test]
    fn a_worker_who_could_work_nowhere_is_a_mistake() {
        assert!(worker(WorkerDraft { station_ids: vec![], ..draft() }).is_err());
        assert!(worker(WorkerDraft { language: "Hebrew".into(), ..draft() }).is_err());
        assert!(worker(WorkerDraft { code: "10 01".into(), ..draft() }).is_err());
    }

    #[test]
    fn other_stations_are_marked_or_refused_and_without_an_assignment_none_is_another() {
        let (his, other) = (StationId(id(1)), StationId(id(2)));
        let any = MeantFor::default();
        let flag = MeantFor { stations: [his].into(), strict: false };
        let strict = MeantFor { strict: true, ..flag.clone() };
        assert_eq!((any.marks(his), any.marks(other)), (Ok(false), Ok(false)));
        assert_eq!((flag.marks(his), flag.marks(other)), (Ok(false), Ok(true)));
        assert_eq!((strict.marks(his), strict.marks(other)), (Ok(false), Err(Refusal::StationNotAllowed)));
        assert!(MeantFor { stations: [].into(), strict: true }.allows(other), "nobody is shut out of everything");
    }

    #[test]
    fn a_pin_is_digits() {
        assert_eq!(pin("0042"), Ok(()));
        for wrong in ["", "123", "12a4", "1234567890123", "１２３４"] {
            assert!(pin(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_hint_tells_a_badge_from_another_and_gives_it_to_nobody() {
        let hint =
            |code: &str| badge(&BadgeDraft { code: code.into(), valid_from: None, valid_to: None }).map(|b| b.hint);
        assert_eq!(hint(" 04A1B2C3D4 ").as_deref(), Ok("C3D4"));
        assert_eq!(hint("12345").as_deref(), Ok("45"));
        assert!(hint("123").is_err());
    }

    #[test]
    fn a_badge_that_ends_before_it_begins_is_a_mistake() {
        let at = Timestamp::from_millis;
        let made = |to| badge(&BadgeDraft { code: "04A1B2".into(), valid_from: Some(at(10)), valid_to: Some(at(to)) });
        assert!(made(11).is_ok());
        assert!(made(10).is_err());
    }

    #[test]
    fn a_password_is_neither_short_nor_a_book() {
        assert!(password("ten chars.").is_ok());
        assert!(password("nine char").is_err());
        assert!(password(&"x".repeat(PASSWORD_MAX + 1)).is_err());
    }
}
