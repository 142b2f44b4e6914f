//! (skeleton)

use super::{Draft, Input, Options, Sink};
use crate::error::{Error, Result};

pub(super) fn detect(_input: &Input) -> bool {
    false
}

pub(super) fn import(_files: Vec<Input>, _options: &Options, _sink: &mut Sink<'_>) -> Result<Draft> {
    Err(Error::input("not written yet"))
}
