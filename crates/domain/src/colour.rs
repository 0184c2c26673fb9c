//! Colours of statuses: written `#RRGGBB`, and readable under the white or the black that the screens write on them.
//!
//! Luminance and contrast are those of WCAG 2.2 ("relative luminance", "contrast ratio"). The screens' black is not
//! #000000 (`ui/src/state/contrast.ts`); under that every colour could be read in one of the two, under theirs a band
//! of middle tones can't.

use crate::Refusal;

/// What a status's word has to stand out from its background by, at least.
pub const CONTRAST_MIN: f64 = 4.5;

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// The light text of the screens.
pub const WHITE: Colour = Colour { red: 0xff, green: 0xff, blue: 0xff };
/// The dark text of the screens.
pub const BLACK: Colour = Colour { red: 0x14, green: 0x18, blue: 0x1d };

impl Colour {
    /// From `#RRGGBB`, in capital or small letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        // from_str_radix takes a sign, a colour doesn't.
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }

    /// How light it is, from 0 (black) to 1 (white).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// How far two colours stand apart, from 1 (not at all) to 21 (black and white).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The text to be written on it: white where that can be read, else black; none where neither can.
    #[must_use]
    pub fn ink(self) -> Option<Self> {
        [WHITE, BLACK].into_iter().find(|ink| self.contrast(*ink) >= CONTRAST_MIN)
    }
}

/// In capitals, as colours are stored.
impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.red, self.green, self.blue)
    }
}

/// The colour of a status as it is stored.
///
/// # Errors
/// [`Refusal::Invalid`] for what is no colour, and for one on which neither white nor black can be read.
pub fn of_status(text: &str) -> Result<Colour, Refusal> {
    let Some(colour) = Colour::parse(text) else {
        let what = "A colour is written `#RRGGBB`, six hexadecimal digits. Write it like that.".into();
        return Err(Refusal::Invalid { what });
    };
    if colour.ink().is_some() {
        return Ok(colour);
    }
    let (white, black) = (colour.contrast(WHITE), colour.contrast(BLACK));
    Err(Refusal::Invalid {
        what: format!(
            "Neither white ({white:.2}:1) nor black ({black:.2}:1) can be read on {colour}; {CONTRAST_MIN}:1 is needed. \
             Choose a lighter or a darker colour."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).expect("a colour")
    }

    #[test]
    fn known_pairs_have_their_known_contrast() {
        let pairs = [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#FF0000", "#FFFFFF", 4.0)];
        for (a, b, known) in pairs {
            assert!((colour(a).contrast(colour(b)) - known).abs() < 0.01, "{a} on {b}");
        }
    }

    #[test]
    fn the_states_of_the_floor_are_written_on_in_white_and_black() {
        for (background, ink) in [("#1B7A3D", WHITE), ("#1D5FB8", WHITE), ("#C62828", WHITE), ("#F5B301", BLACK)] {
            assert_eq!(colour(background).ink(), Some(ink), "{background}");
        }
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for wrong in
            ["", "#", "#fff", "1B7A3D", "#1B7A3", "#1B7A3D0", "#+B7A3D", "#1B7A3G", "green", "#ééé", " #1B7A3D"]
        {
            assert!(of_status(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_middle_tone_is_refused_with_what_stands_against_it() {
        let Err(Refusal::Invalid { what }) = of_status("#777777") else { panic!("it can't be read") };
        assert!(what.contains("white (4.48:1)") && what.contains("#777777"), "{what}");
    }

    proptest! {
        /// What is taken can be read; what is refused could not, in white nor in black.
        #[test]
        fn taken_is_what_can_be_read(red: u8, green: u8, blue: u8) {
            let colour = Colour { red, green, blue };
            let best = colour.contrast(WHITE).max(colour.contrast(BLACK));
            match of_status(&colour.to_string()) {
                Ok(taken) => {
                    prop_assert_eq!(taken, colour);
                    prop_assert!(best >= CONTRAST_MIN);
                    prop_assert!(colour.ink().expect("taken").contrast(colour) >= CONTRAST_MIN);
                }
                Err(_) => prop_assert!(best < CONTRAST_MIN),
            }
        }

        /// It makes no difference which of two lies on the other, nor in which letters they are written.
        #[test]
        fn contrast_goes_both_ways(a: [u8; 3], b: [u8; 3]) {
            let of = |[red, green, blue]: [u8; 3]| Colour { red, green, blue };
            let (a, b) = (of(a), of(b));
            prop_assert!((a.contrast(b) - b.contrast(a)).abs() < f64::EPSILON);
            prop_assert!((1.0..=21.01).contains(&a.contrast(b)));
            prop_assert_eq!(Colour::parse(&a.to_string().to_lowercase()), Some(a));
        }
    }
}
