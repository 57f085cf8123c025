//! Which item an action is about: one that is named, or the one that the run works on.

use flow::expr::Type;
use model::{Id, Token, Value};

use crate::action::given::Misfit;
use crate::action::input::Input;
use crate::failure::{Failure, Kind};
use crate::step::Step;

/// An item by its id, or as an object with `id` and maybe the `token` of its claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    id: Id,
    token: Option<Token>,
}

const WANTED: &str = "the id of an item, or an item that was taken";

impl Input for Target {
    fn takes() -> Type {
        Type::Unknown
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let text = |name: &str, value: Option<&Value>| match value {
            Some(Value::Text(text)) => Ok(text.clone()),
            Some(other) => Err(Misfit::type_of(other, "a text").within(name)),
            None => Err(Misfit::new("has no field `id`", format!("give {WANTED}"))),
        };
        match &value {
            Value::Text(id) => Ok(Self { id: id_of(id)?, token: None }),
            Value::Object(fields) => {
                let id = text("id", fields.get("id"))?;
                let id = id_of(&id).map_err(|misfit| misfit.within("id"))?;
                let given = fields.get("token").filter(|token| !token.is_null());
                let token = given.map(|token| text("token", Some(token))).transpose()?;
                let token = token.map(|text| token_of(&text)).transpose()?;
                Ok(Self { id, token })
            }
            other => Err(Misfit::type_of(other, WANTED)),
        }
    }
}

fn id_of(text: &str) -> Result<Id, Misfit> {
    text.parse().map_err(|error: model::NotAnId| {
        Misfit::new(format!("is no id: {error}"), model::NotAnId::HINT)
    })
}

fn token_of(text: &str) -> Result<Token, Misfit> {
    // It is not quoted: who has a token holds the item.
    let wrong = |_| Misfit::new("is no token", "give the item as `queue.take` gave it");
    text.parse().map_err(wrong).map_err(|misfit: Misfit| misfit.within("token"))
}

/// The item that is meant. With a token the step acts under that claim.
pub(super) fn find(step: &mut Step, target: Option<Target>) -> Result<Id, Failure> {
    match target {
        Some(Target { id, token }) => {
            if let Some(token) = token {
                step.resume(id, token);
            }
            Ok(id)
        }
        None => step.item().ok_or_else(|| {
            Failure::new(Kind::Generic, "queue/no-item", "this run works on no item")
                .with_hint("say which one with `item:`")
        }),
    }
}
