//! Ctrl-C and SIGTERM: the file in hand is finished, the run is marked partial.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set once the user or the system asked to stop.
#[derive(Clone)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens for Ctrl-C, SIGTERM and SIGHUP. A second request ends the process at once.
    pub(super) fn listen() -> Result<Self, ctrlc::Error> {
        let flag = Arc::new(AtomicBool::new(false));
        let seen = flag.clone();
        ctrlc::set_handler(move || {
            if seen.swap(true, Ordering::SeqCst) {
                // 128 + SIGINT: what a shell reports for an interrupted program.
                std::process::exit(130);
            }
        })?;
        Ok(Self(flag))
    }

    /// Whether to stop.
    pub(super) fn requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
