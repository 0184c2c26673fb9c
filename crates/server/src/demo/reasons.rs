//! Why machines stand on the demo floor.

/// English and Hebrew.
type Row = (&'static str, &'static str);

/// Reasons for stops at every station.
pub const STOPS: [Row; 9] = [
    ("No material", "חסר חומר"),
    ("Waiting for transport", "המתנה לשינוע"),
    ("Waiting for quality check", "המתנה לבדיקת איכות"),
    ("Tool worn", "כלי שחוק"),
    ("No operator", "חסר מפעיל"),
    ("Container full", "מיכל מלא"),
    ("Small jam cleared", "שחרור תקיעה קלה"),
    ("Meeting", "ישיבה"),
    ("Power or air missing", "אין חשמל או אוויר"),
];

/// Reasons for stops at stations of one type: the type, then as above.
pub const STOPS_OF_TYPE: [(&str, Row); 8] = [
    ("CNC lathe", ("Chips in the chuck", "שבבים בתפסנית")),
    ("CNC lathe", ("Coolant low", "נוזל קירור נמוך")),
    ("CNC mill", ("Fixture loose", "מתקן רפוי")),
    ("Injection moulding", ("Part stuck in the mould", "חלק תקוע בתבנית")),
    ("Injection moulding", ("Granulate wet", "גרגירים לחים")),
    ("Paint", ("Nozzle blocked", "דיזה סתומה")),
    ("Assembly", ("Screwdriver empty", "מברגה ריקה")),
    ("Packing", ("Film torn", "יריעה קרועה")),
];

/// What breaks at every station.
pub const MALFUNCTIONS: [Row; 6] = [
    ("Hydraulics", "הידראוליקה"),
    ("Electrics", "חשמל"),
    ("Sensor", "חיישן"),
    ("Drive", "הנעה"),
    ("Pneumatics", "פנאומטיקה"),
    ("Control", "בקרה"),
];

/// What else is worth a report.
pub const GENERAL: [Row; 4] =
    [("Quality in doubt", "ספק באיכות"), ("Safety", "בטיחות"), ("Trial parts", "חלקי ניסיון"), ("Suggestion", "הצעה")];

/// Why pieces are no good.
pub const SCRAP: [Row; 5] = [
    ("Out of size", "מחוץ למידה"),
    ("Surface", "פני שטח"),
    ("Material fault", "פגם בחומר"),
    ("Start-up part", "חלק התחלה"),
    ("Dropped", "נפל"),
];
