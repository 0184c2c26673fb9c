//! `POST /api/approvals/{id}/decide`: a supervisor decides at the kiosk, with his badge and PIN.

use crate::auth::kiosk::Kiosk;
use crate::body::Body;
use crate::error::ApiError;
use crate::query::Named;
use crate::secret::{PINS, token_hash, verify_aside};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::approval::Decision;
use millrace_protocol::desk::DecideRequest;
use millrace_protocol::floor::Approval;
use millrace_protocol::{ApprovalId, Code, Problem};

/// Approves or refuses a first product, at the kiosk where its session runs. Nobody is signed in or out by it.
#[utoipa::path(post, path = "/api/approvals/{id}/decide", tag = "approvals", request_body = DecideRequest,
    params(("id" = ApprovalId, Path, description = "The request.")),
    responses(
        (status = 200, body = Approval),
        (status = 400, description = "A refusal without a note.", body = Problem),
        (status = 401, description = "Unknown badge, wrong PIN, or no supervisor's: the answer is the same.", body = Problem),
        (status = 403, description = "Another kiosk's session, or his own.", body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: it is decided, or was taken back.", body = Problem),
        (status = 429, body = Problem),
    ))]
pub(super) async fn decide(
    State(app): State<App>,
    kiosk: Kiosk,
    Named(id): Named<ApprovalId>,
    Body(request): Body<DecideRequest>,
) -> Result<Json<Approval>, ApiError> {
    let (kiosk, note) = (kiosk.identity.id, request.note.as_deref());
    let decision = if request.approve { Decision::approve(note) } else { Decision::refuse(note) }?;
    // Before any PIN is looked at: other kiosks' requests are no place to guess them.
    if !app.storage.approval_runs_at(id, kiosk).await? {
        return Err(ApiError::new(
            Code::Forbidden,
            "No session with this request runs at this kiosk. Decide at the desk.",
        ));
    }
    let badge = request.badge.trim();
    let judge = async {
        let known = app.storage.approver_by_badge(token_hash(badge)).await?;
        let hash = known.as_ref().and_then(|known| known.pin_hash.clone());
        // Without a PIN to compare with it takes as long, and is wrong.
        let right = verify_aside(&PINS, request.pin, hash).await;
        Ok(known.filter(|_| right))
    };
    let subject = format!("approver {badge} at {kiosk}");
    let Some(approver) = app.throttle.guess(&subject, &*app.clock, judge).await? else {
        return Err(ApiError::unauthenticated("Unknown badge, wrong PIN, or not a supervisor's. Try again."));
    };
    Ok(Json(app.storage.decide(approver.actor, Some(kiosk), id, decision).await?))
}
