//! The kiosk's engine, without a window.

pub mod view;
