//! What can be tried: legal or not, as the dice fall.

use super::Dice;
use super::floor::Floor;
use super::world::{ITEMS, STATIONS, WORKERS, World};
use serde_json::{Value, json};

/// One try. Stations, workers and kiosks are numbers; the kiosk of a station has its number.
#[derive(Debug, Clone)]
pub(super) enum Move {
    Open {
        station: usize,
        worker: usize,
    },
    TakeOver {
        station: usize,
        kiosk: usize,
    },
    HandOver {
        station: usize,
        worker: usize,
        pieces: Option<Value>,
        unknown: bool,
    },
    Enter {
        station: usize,
        status: usize,
        pieces: Option<Value>,
        report: Option<Value>,
        reason: bool,
        stale: bool,
    },
    Count {
        station: usize,
        pieces: Value,
        stale: bool,
    },
    Report {
        station: usize,
        report: Value,
        stale: bool,
    },
    Bind {
        station: usize,
        item: usize,
        step: usize,
        pieces: Option<Value>,
        stale: bool,
    },
    /// A reason for the stretch it is in, or, stale, for the one it was in.
    Explain {
        station: usize,
        right: bool,
        stale: bool,
    },
    /// The session's last count is put right by its worker.
    Correct {
        station: usize,
        good: i64,
        scrap: i64,
        noted: bool,
    },
    /// The approval of the first product of what is bound.
    Ask {
        station: usize,
    },
    /// A supervisor decides about what is pending at a station.
    Decide {
        station: usize,
        approve: bool,
    },
    /// A supervisor closes a session.
    Force {
        station: usize,
    },
    Unbind {
        station: usize,
    },
    Complete {
        station: usize,
        pieces: Option<Value>,
    },
    Abandon {
        station: usize,
    },
    /// The last change of status, count or report is taken back.
    Undo {
        station: usize,
    },
    /// A supervisor closes an item short, or opens it again.
    Shorten {
        item: usize,
        close: bool,
    },
    /// The last action of a station's kiosk once more, or its number with another content.
    Again {
        station: usize,
        other: bool,
    },
}

impl std::fmt::Display for Move {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Move {
    /// Chooses a try; more often where something is going on.
    pub(super) fn choose(dice: &mut Dice, floor: &Floor, world: &World) -> Self {
        let station = dice.below(STATIONS);
        if !floor.is_open(station) {
            return match dice.below(4) {
                0..3 => Self::Open { station, worker: dice.below(WORKERS) },
                _ => Self::Again { station, other: dice.once_in(2) },
            };
        }
        let stale = dice.once_in(6);
        match dice.below(36) {
            0..7 => {
                let status = dice.below(world.statuses.len());
                let wanted = world.statuses[status].report.clone();
                Self::Enter {
                    station,
                    status,
                    pieces: dice.once_in(2).then(|| pieces(dice, world)),
                    report: if dice.once_in(6) {
                        report(dice, world)
                    } else {
                        wanted.and_then(|kind| report_of(&kind, world))
                    },
                    reason: dice.once_in(2),
                    stale: dice.once_in(8),
                }
            }
            7..10 => Self::Count { station, pieces: pieces(dice, world), stale: dice.once_in(6) },
            10 => {
                report(dice, world).map_or(Self::Unbind { station }, |report| Self::Report { station, report, stale })
            }
            11..15 => {
                let item = if dice.once_in(3) { dice.below(ITEMS) } else { station };
                let pieces = dice.once_in(3).then(|| pieces(dice, world));
                Self::Bind { station, item, step: dice.below(2), pieces, stale }
            }
            15 => Self::Unbind { station },
            16 => Self::TakeOver { station, kiosk: dice.below(STATIONS) },
            17 => {
                let pieces = dice.once_in(2).then(|| pieces(dice, world));
                Self::HandOver { station, worker: dice.below(WORKERS), pieces, unknown: dice.once_in(2) }
            }
            18 => Self::Complete { station, pieces: dice.once_in(2).then(|| pieces(dice, world)) },
            19 => Self::Abandon { station },
            20 => Self::Open { station, worker: dice.below(WORKERS) },
            21..24 => Self::Explain { station, right: !dice.once_in(3), stale },
            24..26 => {
                let scrap = if dice.once_in(2) { below(dice, 4) } else { 0 };
                Self::Correct { station, good: below(dice, 30), scrap, noted: dice.once_in(2) }
            }
            26..28 => Self::Ask { station },
            28..30 => Self::Decide { station, approve: !dice.once_in(3) },
            30..33 => Self::Undo { station },
            33 => Self::Shorten { item: dice.below(ITEMS), close: dice.once_in(2) },
            34 if dice.once_in(3) => Self::Force { station },
            _ => Self::Again { station, other: dice.once_in(2) },
        }
    }
}

fn below(dice: &mut Dice, end: usize) -> i64 {
    i64::try_from(dice.below(end)).expect("small")
}

/// A count, right or wrong.
fn pieces(dice: &mut Dice, world: &World) -> Value {
    match dice.below(10) {
        0 => json!({"good": -1}),
        1 => json!({"good": 1.5, "scrap": 0}),
        2 => json!({"good": dice.below(9), "scrap": 1 + dice.below(3)}),
        3 => json!({"good": 2, "scrap": 1, "scrapReasonId": world.stop_reason}),
        4 => json!({"counter": {"start": 10, "end": 10 + dice.below(30)}}),
        5 => json!({"counter": {"start": 10, "end": 9}}),
        6 => json!({"good": dice.below(9), "scrap": 1 + dice.below(3), "note": "bent"}),
        7 => json!({"good": dice.below(9), "scrap": 1 + dice.below(3), "scrapReasonId": world.scrap_reason}),
        _ => json!({"good": dice.below(40), "scrap": 0}),
    }
}

/// A report of some kind, right or wrong.
fn report(dice: &mut Dice, world: &World) -> Option<Value> {
    match dice.below(4) {
        0 => report_of("malfunction", world),
        1 => report_of("general", world),
        2 => Some(json!({"type": "general", "reasonId": world.stop_reason})),
        _ => None,
    }
}

fn report_of(kind: &str, world: &World) -> Option<Value> {
    let reason = if kind == "malfunction" { &world.malfunction_reason } else { &world.general_reason };
    Some(json!({"type": kind, "reasonId": reason, "description": "as it is"}))
}
