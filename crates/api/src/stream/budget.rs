//! How many bytes of ready events are kept in all: one bound over the rings of every topic, however many are open.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bytes that are kept, and how many may be.
#[derive(Debug)]
pub(super) struct Budget {
    most: usize,
    spent: AtomicUsize,
}

impl Budget {
    /// Room for so many bytes.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, spent: AtomicUsize::new(0) })
    }

    /// Whether more is kept than may be.
    pub(super) fn is_exceeded(&self) -> bool {
        self.spent.load(Ordering::Relaxed) > self.most
    }

    /// Counts bytes that are kept, for as long as what this gives lives.
    pub(super) fn spend(self: &Arc<Self>, bytes: usize) -> Spent {
        self.spent.fetch_add(bytes, Ordering::Relaxed);
        Spent { budget: self.clone(), bytes }
    }
}

/// Bytes that count while this lives.
#[derive(Debug)]
pub(super) struct Spent {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Spent {
    /// Counts so many more.
    pub(super) fn add(&mut self, bytes: usize) {
        self.budget.spent.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
    }

    /// So many are not kept any more.
    pub(super) fn give_back(&mut self, bytes: usize) {
        let bytes = bytes.min(self.bytes);
        self.budget.spent.fetch_sub(bytes, Ordering::Relaxed);
        self.bytes -= bytes;
    }

    /// How many they are.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether all together exceed what may be kept.
    pub(super) fn is_exceeded(&self) -> bool {
        self.budget.is_exceeded()
    }
}

impl Drop for Spent {
    fn drop(&mut self) {
        self.budget.spent.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
