//! The statuses of the demo floor: every machine state, with and without a report, global and of one type of station.

use super::ids::{Kind, id};
use super::labels;
use millrace_domain::status::{MALFUNCTION, OTHER, PRODUCTION, PROTECTED, STOP};
use millrace_protocol::StatusDefinitionId;
use millrace_protocol::status::{MachineState, ReasonWanted, ReportType, StatusDefinition, TimeClass};

use MachineState::{Production, Setup, Stoppage};
use ReasonWanted::{Later, Never, Now};
use ReportType::{General, Malfunction, None as NoReport};
use TimeClass::{PlannedStop, UnplannedStop};

/// The plain status of making ready.
pub const SETUP: &str = "setup";
/// The worker's break.
pub const BREAK: &str = "break";

/// One status: key, English, Hebrew, colour, machine state, time class, reason, report.
type Row = (&'static str, &'static str, &'static str, &'static str, MachineState, TimeClass, ReasonWanted, ReportType);

/// For every station.
pub const GLOBAL: [Row; 13] = [
    (PRODUCTION, "Production", "ייצור", "#1B7A3D", Production, TimeClass::Production, Never, NoReport),
    // Its reason may follow: a stop that ends soon needs none.
    (STOP, "Stop", "עצירה", "#F5B301", Stoppage, UnplannedStop, Later, NoReport),
    (MALFUNCTION, "Malfunction", "תקלה", "#C62828", Stoppage, UnplannedStop, Never, Malfunction),
    (OTHER, "Other", "אחר", "#5B6470", Stoppage, UnplannedStop, Never, NoReport),
    (SETUP, "Setup", "כיוון", "#1D5FB8", Setup, TimeClass::Setup, Never, NoReport),
    ("trial", "Trial run", "הרצת ניסיון", "#2F4B9C", Setup, TimeClass::Setup, Never, General),
    ("rework", "Rework", "עיבוד חוזר", "#0F6B5C", Production, TimeClass::Production, Never, NoReport),
    ("watched", "Production, watched", "ייצור במעקב", "#14663A", Production, TimeClass::Production, Never, General),
    (BREAK, "Break", "הפסקה", "#FFD873", Stoppage, PlannedStop, Never, NoReport),
    ("cleaning", "Cleaning", "ניקיון", "#FFC94D", Stoppage, PlannedStop, Never, NoReport),
    ("waiting", "Waiting", "המתנה", "#E89C00", Stoppage, UnplannedStop, Now, NoReport),
    ("quality", "Quality hold", "עצירת איכות", "#D98200", Stoppage, UnplannedStop, Never, General),
    ("repair", "Repair", "תיקון", "#A93226", Stoppage, UnplannedStop, Never, Malfunction),
];

/// For stations of one type: the type, then as above.
pub const OF_TYPE: [(&str, Row); 6] = [
    ("CNC lathe", ("tools", "Tool change", "החלפת כלי", "#2F6FC4", Setup, TimeClass::Setup, Never, NoReport)),
    ("CNC mill", ("tools", "Tool change", "החלפת כלי", "#2F6FC4", Setup, TimeClass::Setup, Never, NoReport)),
    (
        "Injection moulding",
        ("mould", "Mould change", "החלפת תבנית", "#2F6FC4", Setup, TimeClass::Setup, Never, NoReport),
    ),
    ("Injection moulding", ("heating", "Heating up", "חימום", "#FFC94D", Stoppage, PlannedStop, Never, NoReport)),
    ("Paint", ("colour", "Colour change", "החלפת צבע", "#2F6FC4", Setup, TimeClass::Setup, Never, NoReport)),
    ("Packing", ("labels", "Labels missing", "חסרות תוויות", "#E89C00", Stoppage, UnplannedStop, Never, NoReport)),
];

/// A status definition from its row; the number decides its id.
#[must_use]
pub fn definition(row: &Row, number: usize) -> StatusDefinition {
    let (key, en, he, color, machine_state, time_class, reason_wanted, report_type) = *row;
    StatusDefinition {
        id: StatusDefinitionId(id(Kind::Status, number)),
        key: key.to_owned(),
        labels: labels(en, he),
        color: color.to_owned(),
        machine_state,
        time_class,
        reason_wanted,
        report_type,
        protected: PROTECTED.contains(&key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_is_one_that_would_be_taken() {
        for row in GLOBAL.iter().chain(OF_TYPE.iter().map(|(_, row)| row)) {
            assert!(millrace_domain::colour::of_status(row.3).is_ok(), "{}", row.0);
        }
    }

    #[test]
    fn every_machine_state_is_there_with_and_without_a_report() {
        for state in [Production, Setup, Stoppage] {
            let plain = |row: &&Row| row.4 == state && row.7 == NoReport && row.6 != Now;
            assert!(GLOBAL.iter().any(|row| plain(&row)), "{state:?}");
            assert!(GLOBAL.iter().any(|row| row.4 == state && row.7 != NoReport), "{state:?}");
        }
    }

    #[test]
    fn the_protected_four_are_there_once() {
        for key in PROTECTED {
            assert_eq!(GLOBAL.iter().filter(|row| row.0 == key).count(), 1, "{key}");
        }
    }
}
