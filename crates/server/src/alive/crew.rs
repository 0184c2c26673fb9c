//! The workers who are not at a machine.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// A worker who plays.
#[derive(Clone)]
pub(super) struct Member {
    /// His code.
    pub(super) code: String,
    /// His PIN, where he has one.
    pub(super) pin: Option<String>,
}

/// Without the PIN.
impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member").field("code", &self.code).finish_non_exhaustive()
    }
}

/// Who is free, longest first.
#[derive(Debug)]
pub(super) struct Crew(Mutex<VecDeque<Member>>);

impl Crew {
    pub(super) fn new(members: Vec<Member>) -> Self {
        Self(Mutex::new(members.into()))
    }

    /// Calls the one who has been free longest.
    pub(super) fn call(&self) -> Option<Member> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Sends one to the end of the row.
    pub(super) fn send_back(&self, member: Member) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(member);
    }
}
