//! How values that are made of others cross.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::Wire;
use crate::value::Misfit;

impl<T: Wire> Wire for Vec<T> {
    type Wire = Vec<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Result<Self, Misfit> {
        let items = wire.into_iter().enumerate();
        items.map(|(at, item)| T::from_wire(item).map_err(|misfit| misfit.at(at))).collect()
    }

    fn into_wire(self) -> Self::Wire {
        self.into_iter().map(T::into_wire).collect()
    }
}

impl<T: Wire> Wire for Option<T> {
    type Wire = Option<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Result<Self, Misfit> {
        wire.map(T::from_wire).transpose()
    }

    fn into_wire(self) -> Self::Wire {
        self.map(T::into_wire)
    }
}

impl<T: Wire, E: Wire> Wire for Result<T, E> {
    type Wire = Result<T::Wire, E::Wire>;

    fn from_wire(wire: Self::Wire) -> Result<Self, Misfit> {
        Ok(match wire {
            Ok(value) => Ok(T::from_wire(value)?),
            Err(error) => Err(E::from_wire(error)?),
        })
    }

    fn into_wire(self) -> Self::Wire {
        self.map(T::into_wire).map_err(E::into_wire)
    }
}

impl<T: Wire> Wire for Box<T> {
    type Wire = T::Wire;

    fn from_wire(wire: Self::Wire) -> Result<Self, Misfit> {
        T::from_wire(wire).map(Self::new)
    }

    fn into_wire(self) -> Self::Wire {
        (*self).into_wire()
    }
}

fn fields<T: Wire, M>(wire: Vec<(String, T::Wire)>) -> Result<M, Misfit>
where
    M: FromIterator<(String, T)>,
{
    let fields = wire.into_iter().map(|(name, value)| {
        let value = T::from_wire(value).map_err(|misfit| misfit.within(&name))?;
        Ok((name, value))
    });
    fields.collect()
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    type Wire = Vec<(String, T::Wire)>;

    fn from_wire(wire: Self::Wire) -> Result<Self, Misfit> {
        fields(wire)
    }

    fn into_wire(self) -> Self::Wire {
        self.into_iter().map(|(name, value)| (name, value.into_wire())).collect()
    }
}

/// Leaves by name: the order of a `HashMap` is another in every run.
impl<T: Wire, S: BuildHasher + Default> Wire for HashMap<String, T, S> {
    type Wire = Vec<(String, T::Wire)>;

    fn from_wire(wire: Self::Wire) -> Result<Self, Misfit> {
        fields(wire)
    }

    fn into_wire(self) -> Self::Wire {
        self.into_iter().collect::<BTreeMap<_, _>>().into_wire()
    }
}

macro_rules! tuples {
    ($($($part:ident $at:tt)*;)*) => {$(
        impl<$($part: Wire),*> Wire for ($($part,)*) {
            type Wire = ($($part::Wire,)*);

            fn from_wire(wire: Self::Wire) -> Result<Self, Misfit> {
                Ok(($($part::from_wire(wire.$at).map_err(|misfit| misfit.at($at))?,)*))
            }

            fn into_wire(self) -> Self::Wire {
                ($(self.$at.into_wire(),)*)
            }
        }
    )*};
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
}
