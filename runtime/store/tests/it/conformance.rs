//! The conformance suite, with readers of their own and with the writer reading too.

use model::{Error, Store};
use support::Place;

/// Opens a store that does nothing by itself.
fn open(place: &Place, readers: usize) -> Result<Box<dyn Store>, Error> {
    let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
    let mut options = store::Options::new(&place.dir, clock, entropy);
    (options.readers, options.background) = (readers, false);
    Ok(Box::new(store::open(options)?))
}

pub(crate) fn open_with_readers(place: &Place) -> Result<Box<dyn Store>, Error> {
    open(place, 2)
}

pub(crate) fn open_alone(place: &Place) -> Result<Box<dyn Store>, Error> {
    open(place, 0)
}

mod with_readers {
    support::conformance!(crate::conformance::open_with_readers);
}

mod alone {
    support::conformance!(crate::conformance::open_alone);
}
