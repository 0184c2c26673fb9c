//! The one window.

use crate::hardening;
use crate::setup::Settled;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

/// Its label, named by the capability.
pub(crate) const MAIN: &str = "main";

/// Opens the window.
pub(crate) fn open(app: &AppHandle, setup: &Settled) -> tauri::Result<WebviewWindow> {
    let locked = setup.kiosk_mode;
    let mut window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Millrace")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 600.0)
        .zoom_hotkeys_enabled(false)
        .devtools(cfg!(debug_assertions))
        .on_navigation(|url| {
            let own = hardening::is_own(url);
            if !own {
                tracing::warn!(url.host = url.host_str(), "refused to leave the app's own page");
            }
            own
        })
        .on_new_window(|url, _| {
            tracing::warn!(url.host = url.host_str(), "refused a new window");
            NewWindowResponse::Deny
        })
        .on_page_load(|window, page| {
            // A page that loads anew has forgotten what it subscribed to.
            if page.event() == PageLoadEvent::Started {
                window.state::<crate::commands::Subscriptions>().end_all();
            }
        });
    if locked {
        window = window.fullscreen(true).decorations(false).always_on_top(true).closable(false).minimizable(false);
    }
    let window = window.build()?;
    if locked {
        window.on_window_event(|event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                api.prevent_close();
            }
        });
    }
    Ok(window)
}

/// Brings the window to the front, because somebody started the app a second time.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    for (step, outcome) in [("show", window.show()), ("unminimise", window.unminimize()), ("focus", window.set_focus())]
    {
        if let Err(error) = outcome {
            tracing::warn!(%error, step, "the window does not come to the front");
        }
    }
}
