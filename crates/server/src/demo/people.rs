//! The people of the demo floor. Names come from four languages, because a screen has to hold them all.

/// Name and language.
type Row = (&'static str, &'static str);

/// The basic workers.
pub const BASIC: [Row; 40] = [
    ("Maya Cohen", "en"),
    ("Daniel Novak", "en"),
    ("נועה לוי", "he"),
    ("Иван Соколов", "ru"),
    ("أمل حداد", "ar"),
    ("Grace Okafor", "en"),
    ("יוסי מזרחי", "he"),
    ("Светлана Орлова", "ru"),
    ("خالد منصور", "ar"),
    ("Tomás Herrera", "en"),
    ("רותם פרץ", "he"),
    ("Дмитрий Волков", "ru"),
    ("سمير خوري", "ar"),
    ("Linh Tran", "en"),
    ("אבי ביטון", "he"),
    ("Ольга Кузнецова", "ru"),
    ("ليلى ناصر", "ar"),
    ("Peter Lindqvist", "en"),
    ("מיכל אברהם", "he"),
    ("Алексей Морозов", "ru"),
    ("محمود عيسى", "ar"),
    ("Aoife Byrne", "en"),
    ("שירה דהן", "he"),
    ("Наталья Белова", "ru"),
    ("رنا سلامة", "ar"),
    ("Jakub Zieliński", "en"),
    ("עומר גבאי", "he"),
    ("Павел Лебедев", "ru"),
    ("يوسف زيدان", "ar"),
    ("Ines Carvalho", "en"),
    ("תמר שלום", "he"),
    ("Марина Фёдорова", "ru"),
    ("هدى عبود", "ar"),
    ("Samuel Mensah", "en"),
    ("אלון קדוש", "he"),
    ("Виктор Захаров", "ru"),
    ("طارق بشارة", "ar"),
    ("Priya Nair", "en"),
    ("דנה אוחיון", "he"),
    ("Ирина Павлова", "ru"),
];

/// A worker as the plan has him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoWorker {
    /// Short unique name: digits, so that any numpad can type it.
    pub code: String,
    /// His name.
    pub name: String,
    /// The language he reads.
    pub language: &'static str,
    /// Whether he signs in with a PIN.
    pub has_pin: bool,
}

/// The worker with this number, from 0. Beyond the basic ones, names repeat with a number.
/// Of the basic ones every tenth has a PIN, the first among them; further ones have none.
#[must_use]
pub fn worker(number: usize) -> DemoWorker {
    let (name, language) = BASIC[number % BASIC.len()];
    let basic = number < BASIC.len();
    DemoWorker {
        code: (1001 + number).to_string(),
        name: if basic { name.to_owned() } else { format!("{name} {}", number / BASIC.len() + 1) },
        language,
        has_pin: basic && number.is_multiple_of(10),
    }
}
