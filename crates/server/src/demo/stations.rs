//! The stations of the demo floor: four areas of a plant that makes metal and plastic parts.

/// Code, name, type, area.
type Row = (&'static str, &'static str, &'static str, &'static str);

pub(super) const MACHINING: &str = "Machining";
pub(super) const MOULDING: &str = "Moulding";
pub(super) const FINISHING: &str = "Finishing";
pub(super) const ASSEMBLY: &str = "Assembly";

/// The basic stations. The first four are the ones a visitor tries: they are of different types.
pub const BASIC: [Row; 24] = [
    ("CNC-01", "Lathe Doosan Lynx", "CNC lathe", MACHINING),
    ("MIL-01", "Mill Haas VF-2", "CNC mill", MACHINING),
    ("INJ-01", "Injection press 80 t", "Injection moulding", MOULDING),
    ("ASM-01", "Valve assembly", "Assembly", ASSEMBLY),
    ("CNC-02", "Lathe Mazak QT-200", "CNC lathe", MACHINING),
    ("CNC-03", "Bar lathe Star SR-20", "CNC lathe", MACHINING),
    ("MIL-02", "Mill DMG CMX 800", "CNC mill", MACHINING),
    ("MIL-03", "Five-axis mill Hermle C32", "CNC mill", MACHINING),
    ("GRD-01", "Surface grinder", "Grinder", MACHINING),
    ("SAW-01", "Band saw", "Saw", MACHINING),
    ("INJ-02", "Injection press 120 t", "Injection moulding", MOULDING),
    ("INJ-03", "Injection press 200 t", "Injection moulding", MOULDING),
    ("INJ-04", "Injection press 350 t", "Injection moulding", MOULDING),
    ("BLW-01", "Blow moulder", "Blow moulding", MOULDING),
    ("EXT-01", "Profile extruder", "Extrusion", MOULDING),
    ("PNT-01", "Paint cabin north", "Paint", FINISHING),
    ("PNT-02", "Paint cabin south", "Paint", FINISHING),
    ("WSH-01", "Parts washer", "Washing", FINISHING),
    ("DEB-01", "Deburring bench", "Deburring", FINISHING),
    ("LSR-01", "Laser marker", "Marking", FINISHING),
    ("ASM-02", "Pump assembly", "Assembly", ASSEMBLY),
    ("ASM-03", "Gearbox assembly", "Assembly", ASSEMBLY),
    ("TST-01", "Leak test", "Test", ASSEMBLY),
    ("PCK-01", "Packing line", "Packing", ASSEMBLY),
];

/// A station as the plan has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoStation {
    /// Short unique name.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What kind of machine it is.
    pub kind: &'static str,
    /// Where it stands.
    pub area: String,
}

/// The station with this number, from 0. Beyond the basic ones, the types repeat in further halls of 100.
#[must_use]
pub fn station(number: usize) -> DemoStation {
    let (code, name, kind, area) = BASIC[number % BASIC.len()];
    if number < BASIC.len() {
        return DemoStation { code: code.to_owned(), name: name.to_owned(), kind, area: area.to_owned() };
    }
    let prefix = code.split('-').next().unwrap_or(code);
    DemoStation {
        code: format!("{prefix}-{:05}", number + 1),
        name: format!("{kind} {}", number + 1),
        kind,
        area: format!("Hall {}", number / 100 + 2),
    }
}
