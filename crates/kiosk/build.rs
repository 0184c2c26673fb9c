//! A new migration is built in at once: the macro alone does not notice new files.
fn main() {
    println!("cargo::rerun-if-changed=../../migrations/kiosk");
}
