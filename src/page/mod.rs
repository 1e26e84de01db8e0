//! What the pages show: text in reading order, signature appearances, the identity they state.
