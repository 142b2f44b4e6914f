//! What is worked out from a graph once, at first need, and kept with it.

use crate::error::Result;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Slot = Arc<Mutex<Option<Arc<dyn Any + Send + Sync>>>>;

/// At most one value of each type.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<TypeId, Slot>>);

impl Kept {
    /// The value of a type, made where nobody has asked for it yet. Who asks while it is made
    /// waits; after a failure the next one tries again.
    pub(crate) fn get<T: Any + Send + Sync>(&self, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let slot = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(TypeId::of::<T>()).or_default())
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = slot.clone().and_then(|v| v.downcast::<T>().ok()) {
            return Ok(known);
        }
        let made = Arc::new(make()?);
        *slot = Some(made.clone());
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn one_of_a_type_and_failures_are_not_kept() {
        let kept = Kept::default();
        assert!(kept.get::<u32>(|| Err(Error::input("no"))).is_err());
        assert_eq!(*kept.get(|| Ok(7u32)).unwrap(), 7);
        assert_eq!(*kept.get(|| Ok(8u32)).unwrap(), 7);
        assert_eq!(*kept.get(|| Ok("x".to_owned())).unwrap(), "x");
    }
}
