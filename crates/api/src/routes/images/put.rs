//! `PUT /api/images/{id}`: a picture follows its report.

use super::Binary;
use crate::auth::kiosk::Kiosk;
use crate::error::ApiError;
use crate::picture::prepare_aside;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::StatusCode;
use millrace_domain::Clock;
use millrace_domain::storage::Picture;
use millrace_protocol::desk::ImageKept;
use millrace_protocol::{Code, ImageId, Problem};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::sync::Semaphore;

/// The largest picture that is taken, in bytes.
const MOST: usize = 5 * 1024 * 1024;
/// What is read of a larger one and dropped, in bytes, so that the answer reaches who is still sending.
const DROPPED: usize = 32 * 1024 * 1024;
/// How many are received at once: after an outage every kiosk has some to send, and each is held whole in memory.
static PLACES: Semaphore = Semaphore::const_new(16);
/// For how long one may be on its way: a slow line, not a peer that has forgotten it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Keeps a picture that a report from this kiosk names: JPEG, PNG or WebP, at most 5 MB, judged by its content.
///
/// It is kept as a JPEG of at most 1,600 pixels a side and 400 kB, upright, without metadata. The id is the kiosk's;
/// the same again is a repeat.
#[utoipa::path(put, path = "/api/images/{id}", tag = "reports",
    params(("id" = ImageId, Path, description = "The picture, as its report names it.")),
    request_body(content = Binary, content_type = "image/jpeg", description = "Or `image/png`, `image/webp`."),
    responses(
        (status = 201, body = ImageKept),
        (status = 200, description = "It was here already.", body = ImageKept),
        (status = 400, description = "No picture, damaged, or too large.", body = Problem),
        (status = 401, body = Problem),
        (status = 404, description = "No report from this kiosk names it: send the report first.", body = Problem),
        (status = 409, description = "Another picture was sent under this id.", body = Problem),
        (status = 503, description = "Too many at once: send it again.", body = Problem),
    ))]
pub(super) async fn put(
    State(app): State<App>,
    kiosk: Kiosk,
    Named(id): Named<ImageId>,
    body: Body,
) -> Result<(StatusCode, Json<ImageKept>), ApiError> {
    let full = |_| ApiError::new(Code::Unavailable, "Many pictures are coming in. Send this one again in a moment.");
    let _place = PLACES.try_acquire().map_err(full)?;
    let (kiosk, sent) = (kiosk.identity.id, received(body, &*app.clock).await?);
    let digest: [u8; 32] = Sha256::digest(&sent).into();
    if let Some(kept) = app.storage.expected_picture(kiosk, id, digest).await? {
        return Ok((StatusCode::OK, Json(kept)));
    }
    let prepared = prepare_aside(sent).await?;
    let picture = Picture { id, content: prepared.content, width: prepared.width, height: prepared.height, digest };
    let kept = app.storage.keep_picture(kiosk, picture).await?;
    Ok((if kept.repeat { StatusCode::OK } else { StatusCode::CREATED }, Json(kept)))
}

async fn received(body: Body, clock: &dyn Clock) -> Result<Bytes, ApiError> {
    let all = async {
        let (mut kept, mut read) = (BytesMut::new(), 0);
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| ApiError::invalid("The picture did not arrive whole. Send it again."))?;
            read += piece.len();
            if read > DROPPED {
                break;
            }
            if read <= MOST {
                kept.extend_from_slice(&piece);
            } else {
                kept = BytesMut::new();
            }
        }
        if read > MOST {
            return Err(ApiError::invalid("This picture is over 5 MB. Send a smaller one."));
        }
        Ok(kept.freeze())
    };
    tokio::select! {
        received = all => received,
        () = clock.sleep(PATIENCE) => {
            Err(ApiError::new(Code::Unavailable, "The picture did not arrive in time. Nothing was stored. Send it again."))
        }
    }
}
