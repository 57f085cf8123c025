//! `wharf:host/json`

use super::bindings::wharf::host::json as wire;
use super::refused;
use crate::json::{Error, Kind};
use crate::{Decimal, Json, Problem, decimal};

refused!(wire::JsonError => Error { Invalid Missing Mistyped Other });

#[derive(Debug)]
pub(crate) struct Document(wire::Document);

impl Document {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        Ok(Self(wire::Document::parse(text)?))
    }

    pub(crate) fn kind_of(&self, path: &str) -> Result<Option<Kind>, Error> {
        let kind = self.0.kind_of(path)?.map(|kind| match kind {
            wire::Kind::Null => Kind::Null,
            wire::Kind::Bool => Kind::Bool,
            wire::Kind::Number => Kind::Number,
            wire::Kind::Text => Kind::Text,
            wire::Kind::List => Kind::List,
            wire::Kind::Object => Kind::Object,
        });
        Ok(kind)
    }

    pub(crate) fn length(&self, path: &str) -> Result<u32, Error> {
        Ok(self.0.length(path)?)
    }

    pub(crate) fn fields(&self, path: &str) -> Result<Vec<String>, Error> {
        Ok(self.0.fields(path)?)
    }

    pub(crate) fn get_bool(&self, path: &str) -> Result<bool, Error> {
        Ok(self.0.get_bool(path)?)
    }

    pub(crate) fn get_integer(&self, path: &str) -> Result<i64, Error> {
        Ok(self.0.get_integer(path)?)
    }

    pub(crate) fn get_number(&self, path: &str) -> Result<Decimal, Error> {
        let digits = self.0.get_number(path)?;
        decimal::exact(&digits).map_err(|misfit| Error::Mistyped(Problem::from(misfit)))
    }

    pub(crate) fn get_text(&self, path: &str) -> Result<String, Error> {
        Ok(self.0.get_text(path)?)
    }

    pub(crate) fn get(&self, path: &str) -> Result<Json, Error> {
        Ok(Json::from(self.0.get(path)?))
    }

    pub(crate) fn to_text(&self, indented: bool) -> String {
        self.0.to_text(indented)
    }
}
