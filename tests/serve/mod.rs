//! `cuibono serve`: the real program, asked over real sockets.

mod client;
mod guard;
mod limits;
mod load;
mod questions;
mod stores;
