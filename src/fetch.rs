//! Fetches one address over HTTP, bounded in bytes, time and redirects. The only place that uses the
//! network; what it brings is signed and verified by the caller, so no TLS is spoken.

use std::io;
use std::time::Duration;
use ureq::Agent;

/// Bytes of one answer. The largest public revocation lists are about 40 MB.
pub const MAXIMUM_BYTES: u64 = 64 << 20;
/// Redirects followed, HTTP to HTTP only.
const MAXIMUM_REDIRECTS: u32 = 3;

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No HTTP address.
    #[error("not an http address")]
    NotHttp,
    /// The server answered with another status than success.
    #[error("the server answered {0}")]
    Status(u16),
    /// More than [`MAXIMUM_BYTES`].
    #[error("more than {MAXIMUM_BYTES} bytes")]
    TooLarge,
    /// Not within the time given.
    #[error("timed out")]
    TimedOut,
    /// Too many redirects, or one away from HTTP.
    #[error("redirected too often or away from http")]
    Redirected,
    /// The name of the server is not known.
    #[error("unknown host")]
    UnknownHost,
    /// The network failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Anything else the client says.
    #[error("{0}")]
    Other(String),
}

/// The body at `address`, within `seconds` in all. A proxy of the environment is used.
///
/// # Errors
/// [`FetchError`].
pub fn get(address: &str, seconds: u64) -> Result<Vec<u8>, FetchError> {
    if !is_http(address) {
        return Err(FetchError::NotHttp);
    }
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(seconds)))
        .max_redirects(MAXIMUM_REDIRECTS)
        .user_agent(concat!("soat/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut response = agent.get(address).call().map_err(refusal)?;
    response.body_mut().with_config().limit(MAXIMUM_BYTES).read_to_vec().map_err(refusal)
}

/// Whether [`get`] can fetch it.
pub fn is_http(address: &str) -> bool {
    address.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
}

fn refusal(error: ureq::Error) -> FetchError {
    match error {
        ureq::Error::StatusCode(code) => FetchError::Status(code),
        ureq::Error::BodyExceedsLimit(_) => FetchError::TooLarge,
        ureq::Error::Timeout(_) => FetchError::TimedOut,
        ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed | ureq::Error::TlsRequired => {
            FetchError::Redirected
        }
        ureq::Error::HostNotFound => FetchError::UnknownHost,
        ureq::Error::Io(error) => FetchError::Io(error),
        error => FetchError::Other(error.to_string()),
    }
}
