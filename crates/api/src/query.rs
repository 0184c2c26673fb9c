//! Reading what stands in an address, with problems that say what is wrong.

use crate::error::ApiError;
use axum::extract::{FromRequestParts, Path, Query};
use http::request::Parts;
use millrace_protocol::SessionId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

/// The query of an address.
#[derive(Debug)]
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        Query::<T>::try_from_uri(&parts.uri)
            .map(|Query(query)| Self(query))
            .map_err(|error| ApiError::invalid(format!("The query can't be read: {error}.")))
    }
}

/// The named parts of an address.
#[derive(Debug)]
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(path)| Self(path))
            .map_err(|error| ApiError::invalid(format!("The address can't be read: {}.", error.body_text())))
    }
}

/// Which session: for what a worker reads of his own.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct OfSession {
    /// The session.
    pub(crate) session_id: SessionId,
}
