//! Steps that choose between blocks, or hold several.

use indexmap::IndexMap;

use super::Reader;
use super::fields::Fields;
use crate::grammar::{Takes, construct};
use crate::program::{Block, Case, Code, Kind, Template};
use crate::source::Span;
use crate::yaml::{Content, Node};

impl Reader {
    pub(super) fn choice(&mut self, fields: &Fields<'_>) -> Kind {
        let mut branches = vec![self.branch(fields)];
        let more = fields.get("else-if").map(items).unwrap_or_default();
        for item in more {
            if let Some(fields) = self.fields(item, construct("else-if"), item.span) {
                branches.push(self.branch(&fields));
            }
        }
        let otherwise = fields.get("else").map(|node| self.block(node));
        let read = branches.iter().all(|(code, block)| code.is_some() && block.is_some());
        if read {
            let whole = branches.into_iter().filter_map(|(code, block)| Some((code?, block?)));
            return Kind::If { branches: whole.collect(), otherwise };
        }
        let blocks = branches.into_iter().filter_map(|(_, block)| block);
        Kind::Unread(blocks.chain(otherwise).collect())
    }

    fn branch(&mut self, fields: &Fields<'_>) -> (Option<Code>, Option<Block>) {
        let code = fields.get("if").and_then(|node| self.code("`if`", node));
        (code, fields.get("then").map(|node| self.block(node)))
    }

    pub(super) fn switch(&mut self, fields: &Fields<'_>) -> Kind {
        let on = fields.get("switch").map(|node| self.template(node));
        let written = fields.get("cases").map(items).unwrap_or_default();
        let mut cases = Vec::new();
        let mut read = fields.get("cases").is_some();
        for item in written {
            let case = self.fields(item, construct("case"), head_of(item));
            let Some(case) = case.map(|fields| self.case(&fields)) else {
                read = false;
                continue;
            };
            read &= case.is.is_some();
            cases.extend(case.steps.map(|steps| Case { is: case.is.unwrap_or_default(), steps }));
        }
        let default = fields.get("default").map(|node| self.block(node));
        match on {
            Some(on) if read => Kind::Switch { on, cases, default },
            _ => Kind::Unread(cases.into_iter().map(|case| case.steps).chain(default).collect()),
        }
    }

    fn case(&mut self, fields: &Fields<'_>) -> HalfCase {
        let is = fields.get("is").map(|node| match &node.content {
            Content::List(items) => items.iter().map(|item| self.template(item)).collect(),
            _ => vec![self.template(node)],
        });
        HalfCase { is, steps: fields.get("steps").map(|node| self.block(node)) }
    }

    pub(super) fn branches(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let node = fields.get("parallel")?;
        let entries = node.as_mapping().unwrap_or_default();
        if entries.is_empty() && node.whole {
            let hint = "name at least one branch with its steps";
            self.report("flow/no-steps", node.span, "there are no branches", hint);
        }
        let mut branches = IndexMap::new();
        for entry in entries {
            let name = self.id("a branch", &entry.key.text, entry.key.span);
            let what = format!("the branch `{}`", entry.key.text);
            if !self.fits(&what, &entry.value, Takes::Steps) {
                continue;
            }
            let block = self.block(&entry.value);
            let name = name.map_or_else(|| entry.key.text.clone(), |name| name.value);
            branches.insert(name, block);
        }
        Some(Kind::Parallel { branches })
    }

    pub(super) fn group(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let atomic = fields.get("atomic").and_then(|node| self.bool(node));
        let steps = self.block(fields.get("group")?);
        Some(Kind::Group { atomic: atomic.unwrap_or(false), steps })
    }
}

struct HalfCase {
    is: Option<Vec<Template>>,
    steps: Option<Block>,
}

/// The items of a list, or the one thing that stands there instead.
pub(super) fn items(node: &Node) -> &[Node] {
    node.as_list().unwrap_or(std::slice::from_ref(node))
}

/// What is pointed at where a mapping lacks something: its first key and value.
pub(super) fn head_of(node: &Node) -> Span {
    let first = node.as_mapping().and_then(|entries| entries.first());
    first.map_or(node.span, |entry| {
        let beside = entry.value.as_scalar().is_some_and(|scalar| !scalar.text.contains('\n'));
        let reaches = beside && entry.value.span.end > entry.key.span.end;
        if reaches { entry.key.span.to(entry.value.span) } else { entry.key.span }
    })
}
