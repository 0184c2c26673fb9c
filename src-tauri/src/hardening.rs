//! What the window refuses: every page but its own.

use tauri::Url;

/// Whether an address is the app's own page. Its origin differs by platform.
pub(crate) fn is_own(url: &Url) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    };
    // `tauri dev` serves the page from Vite; a build with the page inside never does.
    let developing = cfg!(all(debug_assertions, not(feature = "custom-protocol")))
        && url.scheme() == "http"
        && url.host_str() == Some("localhost");
    own || developing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_apps_own_page_is_let_in() {
        for (address, own) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/kiosk/work", true),
            ("http://tauri.localhost/", true),
            ("tauri://elsewhere/", false),
            ("http://tauri.localhost.elsewhere.example/", false),
            ("http://localhost.elsewhere.example/", false),
            ("https://elsewhere.example/?tauri.localhost", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_own(&address.parse().expect("an address")), own, "{address}");
        }
    }
}
