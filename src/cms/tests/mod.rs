//! Whole CMS structures, built with keys made on the spot.

mod build;
mod detached;
mod forms;
mod hostile;
mod timestamps;
