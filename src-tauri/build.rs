//! Hands Tauri its configuration at build time.
fn main() {
    tauri_build::build();
}
