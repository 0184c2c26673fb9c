//! Under which right a stream is open, and how many are.

use millrace_domain::change::Holder;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The right a stream was opened under.
#[derive(Debug)]
pub(super) struct Right {
    holders: Vec<Holder>,
    /// Up to which offset whatever ended is no end of it.
    since: u64,
    ended: AtomicBool,
}

impl Right {
    /// A right that holds as long as none of these ends after this offset.
    pub(super) fn new(holders: Vec<Holder>, since: u64) -> Self {
        Self { holders, since, ended: AtomicBool::new(false) }
    }

    /// Whether it ends when this holder's does at this offset.
    pub(super) fn ends_with(&self, offset: u64, holder: &Holder) -> bool {
        offset > self.since && self.holders.contains(holder)
    }

    /// Ends it.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}

/// Counts the open streams, in all and by holder.
#[derive(Debug)]
pub(super) struct Capacity {
    most: usize,
    most_per_holder: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_holder: HashMap<Holder, usize>,
}

impl Capacity {
    /// Room for so many.
    pub(super) fn new(most: usize, most_per_holder: usize) -> Self {
        Self { most, most_per_holder, open: Mutex::default() }
    }

    /// A place for one more stream, unless there is none left.
    pub(super) fn take(self: &Arc<Self>, right: &Arc<Right>) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |holder: &Holder| open.by_holder.get(holder).is_some_and(|count| *count >= self.most_per_holder);
        if open.total >= self.most || right.holders.iter().any(full) {
            return None;
        }
        open.total += 1;
        for holder in &right.holders {
            *open.by_holder.entry(*holder).or_default() += 1;
        }
        Some(Place { capacity: self.clone(), right: right.clone() })
    }
}

/// One open stream's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    capacity: Arc<Capacity>,
    right: Arc<Right>,
}

impl Place {
    /// The right it was taken under.
    pub(super) fn right(&self) -> &Arc<Right> {
        &self.right
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.capacity.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total -= 1;
        for holder in &self.right.holders {
            if let Some(count) = open.by_holder.get_mut(holder) {
                *count -= 1;
                if *count == 0 {
                    open.by_holder.remove(holder);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_bounded_in_all_and_by_holder_and_gives_places_back() {
        let capacity = Arc::new(Capacity::new(3, 2));
        let right = |login| Arc::new(Right::new(vec![Holder::Login(login)], 0));
        let first = capacity.take(&right(1)).expect("room");
        let _second = capacity.take(&right(1)).expect("room");
        assert!(capacity.take(&right(1)).is_none(), "a third of one holder");
        let _other = capacity.take(&right(2)).expect("room for another");
        assert!(capacity.take(&right(3)).is_none(), "a fourth in all");
        drop(first);
        assert!(capacity.take(&right(1)).is_some());
    }
}
