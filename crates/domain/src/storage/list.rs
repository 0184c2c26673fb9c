//! Lists in pages: by a stable key, and by the id where two have the same.
//!
//! A page says where it ends, and the next begins after that: what is added or removed meanwhile shifts nothing.

use uuid::Uuid;

/// A place in a list: after the row with this key and id. The default is before the first row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct After {
    /// The key, as text. An empty one is before all others.
    pub key: String,
    /// The id.
    pub id: Uuid,
}

impl After {
    /// The key as a number, for lists that are sorted by one; none at the list's beginning, and for what is none.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        self.key.parse().ok()
    }
}

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Where it begins.
    pub after: After,
    /// The most rows on it.
    pub limit: u32,
}

impl Asked {
    /// How many rows to read: one more than are shown says whether another page follows.
    #[must_use]
    pub fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// A page as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// Where the next page begins, where there is one.
    pub next: Option<After>,
}

impl<T> Listed<T> {
    /// Makes a page of what was read with [`Asked::rows`]; `place` says where an item stands in the list.
    #[must_use]
    pub fn cut(mut items: Vec<T>, asked: &Asked, place: impl Fn(&T) -> (String, Uuid)) -> Self {
        let most = asked.limit as usize;
        let more = items.len() > most;
        items.truncate(most);
        let next = items.last().filter(|_| more).map(|last| {
            let (key, id) = place(last);
            After { key, id }
        });
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_another_follows() {
        let asked = Asked { after: After::default(), limit: 2 };
        let place = |text: &&str| ((*text).to_owned(), Uuid::nil());
        assert_eq!(Listed::cut(vec!["a", "b"], &asked, place).next, None);
        let page = Listed::cut(vec!["a", "b", "c"], &asked, place);
        assert_eq!(page.items, ["a", "b"]);
        assert_eq!(page.next.map(|after| after.key).as_deref(), Some("b"));
    }
}
