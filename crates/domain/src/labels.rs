//! Labels: what a thing of the plant is called, per language. English is always there, so that nobody reads a key.

use crate::{Refusal, text};
use millrace_protocol::status::Labels;

/// The longest label, in characters: it has to fit a tile.
pub const LABEL_MAX: usize = 80;
/// The language everything is labelled in.
pub const ALWAYS: &str = "en";

/// Labels as they are stored: blanks around them don't count, and a blank one is none.
///
/// # Errors
/// [`Refusal::Invalid`] without an English label, for a name that is no language's, and for a label that is too long.
pub fn labels(labels: &Labels) -> Result<Labels, Refusal> {
    let mut kept = Labels::new();
    for (language, label) in labels {
        if !is_language(language) {
            return Err(Refusal::Invalid {
                what: format!("`{language}` is no language tag. Use one like `en`, `he` or `pt-BR`."),
            });
        }
        if let Some(label) = text::line_if_any("A label", Some(label), LABEL_MAX)? {
            kept.insert(language.clone(), label);
        }
    }
    if !kept.contains_key(ALWAYS) {
        return Err(Refusal::Invalid {
            what: format!("The label in English (`{ALWAYS}`) is missing. Add it; others may follow."),
        });
    }
    Ok(kept)
}

/// Whether this has the shape of a language tag (BCP 47): a language, then perhaps script, region or variant.
pub(crate) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        && tag.len() <= 20
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().map(|(language, label)| ((*language).to_owned(), (*label).to_owned())).collect()
    }

    #[test]
    fn english_is_always_there_and_blank_labels_are_none() {
        assert_eq!(labels(&of(&[("en", " Setup "), ("he", " ")])), Ok(of(&[("en", "Setup")])));
        for wrong in [of(&[]), of(&[("he", "כיוון")]), of(&[("en", " ")])] {
            assert!(labels(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn languages_are_named_by_their_tags() {
        for tag in ["he", "ru", "fil", "pt-BR", "zh-Hant-TW"] {
            assert!(labels(&of(&[("en", "Setup"), (tag, "x")])).is_ok(), "{tag}");
        }
        for tag in ["", "e", "EN", "english", "en_US", "en-", "he\u{202e}", "en-a"] {
            assert!(labels(&of(&[("en", "Setup"), (tag, "x")])).is_err(), "{tag:?}");
        }
    }
}
