//! Exit codes: documented, reserved, and independent of the output format.

use std::process::ExitCode;

/// What the process ends with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Done; for `gate` and `verify`: passed.
    Passed = 0,
    /// A finding at the failing level, a missed target, a signature that is not valid.
    NotPassed = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Nothing to audit: missing folder, empty archive, empty register, no stored run.
    Nothing = 3,
    /// The interval straddles the target, coverage is below the minimum, or the run was cut short.
    Undecided = 4,
    /// Another run holds the lock.
    Locked = 5,
    /// A fault of this program or of the machine under it.
    Internal = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error with the exit code it ends the process with.
#[derive(Debug)]
pub(super) struct Failure {
    /// Exit code.
    pub exit: Exit,
    /// What happened and what to do, in the language of the user.
    pub error: anyhow::Error,
}

impl Failure {
    /// Any error with its code.
    pub(super) fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        Self { exit, error: error.into() }
    }

    /// A message with its code.
    pub(super) fn message(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, error: anyhow::Error::msg(message.into()) }
    }
}

/// Without a better word: a fault of the machine or of this program.
impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(Exit::Internal, error)
    }
}
