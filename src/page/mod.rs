//! What the pages show: text in reading order, signature appearances, the identity they state.

mod cmap;
mod content;
mod encoding;
mod font;
mod geometry;
mod legacy;
mod stream;
