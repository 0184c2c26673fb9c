//! Who is calling. Each extractor is one kind of caller; a handler that takes none is open, and there are few.

pub(crate) mod admin;
pub(crate) mod at_kiosk;
pub(crate) mod cookie;
pub(crate) mod credential;
pub(crate) mod kiosk;
pub(crate) mod known;
pub(crate) mod recent;
pub(crate) mod supervisor;
pub(crate) mod throttle;
pub(crate) mod viewer;
