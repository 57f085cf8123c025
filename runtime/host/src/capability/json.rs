//! `json`: values whose shape is not known beforehand.

use engine::Step;
use engine::json::{Document, Error, Kind};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::contract::json::{Host, HostDocument, JsonError, Kind as Told};
use super::contract::types::Problem;
use super::problem;
use crate::state::State;

type Answer<T> = std::result::Result<T, JsonError>;

impl Host for State<Step> {}

impl State<Step> {
    fn read<T>(
        &mut self,
        document: &Resource<Document>,
        read: impl FnOnce(&Document) -> std::result::Result<T, Error>,
    ) -> Result<Answer<T>> {
        Ok(read(self.table().get(document)?).map_err(JsonError::from))
    }
}

impl HostDocument for State<Step> {
    fn parse(&mut self, text: String) -> Result<Answer<Resource<Document>>> {
        match Document::parse(&text) {
            Ok(document) => Ok(Ok(self.table().push(document)?)),
            Err(error) => Ok(Err(error.into())),
        }
    }

    fn kind_of(&mut self, it: Resource<Document>, path: String) -> Result<Answer<Option<Told>>> {
        self.read(&it, |document| Ok(document.kind_of(&path)?.map(Told::from)))
    }

    fn length(&mut self, it: Resource<Document>, path: String) -> Result<Answer<u32>> {
        self.read(&it, |document| Ok(document.length(&path)? as u32))
    }

    fn fields(&mut self, it: Resource<Document>, path: String) -> Result<Answer<Vec<String>>> {
        self.read(&it, |document| {
            Ok(document.fields(&path)?.into_iter().map(str::to_owned).collect())
        })
    }

    fn get_bool(&mut self, it: Resource<Document>, path: String) -> Result<Answer<bool>> {
        self.read(&it, |document| document.get_bool(&path))
    }

    fn get_integer(&mut self, it: Resource<Document>, path: String) -> Result<Answer<i64>> {
        self.read(&it, |document| document.get_integer(&path))
    }

    fn get_number(&mut self, it: Resource<Document>, path: String) -> Result<Answer<String>> {
        self.read(&it, |document| Ok(document.get_number(&path)?.to_string()))
    }

    fn get_text(&mut self, it: Resource<Document>, path: String) -> Result<Answer<String>> {
        self.read(&it, |document| Ok(document.get_text(&path)?.to_owned()))
    }

    fn get(&mut self, it: Resource<Document>, path: String) -> Result<Answer<String>> {
        self.read(&it, |document| Ok(document.get(&path)?.to_string()))
    }

    fn to_text(&mut self, it: Resource<Document>, indented: bool) -> Result<String> {
        Ok(self.table().get(&it)?.to_text(indented))
    }

    fn drop(&mut self, it: Resource<Document>) -> Result<()> {
        self.table().delete(it)?;
        Ok(())
    }
}

impl From<Kind> for Told {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Null => Self::Null,
            Kind::Bool => Self::Bool,
            Kind::Number => Self::Number,
            Kind::Text => Self::Text,
            Kind::List => Self::List,
            Kind::Object => Self::Object,
        }
    }
}

impl From<Error> for JsonError {
    fn from(error: Error) -> Self {
        let case: fn(Problem) -> Self = match &error {
            Error::Invalid(_) => Self::Invalid,
            Error::Missing(_) => Self::Missing,
            Error::Mistyped { .. } | Error::NotAnInteger { .. } => Self::Mistyped,
            Error::BadPath { .. } | Error::Exceeded(_) => Self::Other,
        };
        case(problem(error.code(), &error, error.hint()))
    }
}
