//! Which paths are compared with which texts: for those who know the words a field may hold.

use model::Value;

use super::tree::{Kind, Node, Op};
use super::{Expr, Path, Span};

/// A path compared with a text that the source spells out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared<'e> {
    pub path: &'e Path,
    pub text: &'e str,
    /// Where the text stands.
    pub span: Span,
}

impl Expr {
    /// Every comparison of a path with a text, in the order of the source; `in` compares with each
    /// text of a list.
    pub fn compared(&self) -> Vec<Compared<'_>> {
        let mut found = Vec::new();
        self.walk(&self.root, &mut found);
        found
    }

    // The tree is at most `NESTING` levels deep.
    fn walk<'e>(&'e self, node: &'e Node, found: &mut Vec<Compared<'e>>) {
        let mut below = |nodes: &mut dyn Iterator<Item = &'e Node>| {
            for node in nodes {
                self.walk(node, found);
            }
        };
        match &node.kind {
            Kind::Literal(_) | Kind::Read(_) | Kind::Item => {}
            Kind::Field(one, _) | Kind::Not(one) | Kind::Negate(one) => self.walk(one, found),
            Kind::At(one, two) => below(&mut [&**one, two].into_iter()),
            Kind::List(all) | Kind::Call(_, all) => below(&mut all.iter()),
            Kind::Object(fields) => below(&mut fields.iter().map(|(_, node)| node)),
            Kind::Choose(three) => below(&mut three.iter()),
            Kind::Binary(op, one, two) => {
                if compares(*op) {
                    self.pair(one, two, found);
                    self.pair(two, one, found);
                }
                self.walk(one, found);
                self.walk(two, found);
            }
        }
    }

    fn pair<'e>(&'e self, path: &Node, with: &'e Node, found: &mut Vec<Compared<'e>>) {
        let Kind::Read(index) = path.kind else { return };
        let path = &self.reads[index];
        let texts =
            if let Kind::List(texts) = &with.kind { texts } else { std::slice::from_ref(with) };
        found.extend(texts.iter().filter_map(|node| match &node.kind {
            Kind::Literal(Value::Text(text)) => Some(Compared { path, text, span: node.span }),
            _ => None,
        }));
    }
}

fn compares(op: Op) -> bool {
    matches!(
        op,
        Op::Equal
            | Op::NotEqual
            | Op::Less
            | Op::LessOrEqual
            | Op::Greater
            | Op::GreaterOrEqual
            | Op::In
            | Op::NotIn
    )
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn finds_texts_beside_paths() {
        for (source, expected) in [
            ("status == \"queued\"", "status queued"),
            ("not ('x' != a.b) or c ?? '' < 'd'", "a.b x"),
            ("sla in ['one', 2, 'two'] ? n > 5 : len('t') == 1", "sla one, sla two"),
            ("some(value.rows, status == #.status) and a == b", ""),
        ] {
            let expr = parse(source).expect("a good source");
            let found = expr.compared();
            let told = found.iter().map(|it| format!("{} {}", it.path, it.text));
            assert_eq!(told.collect::<Vec<_>>().join(", "), expected, "{source}");
            for it in &found {
                assert_eq!(source[it.span.start..it.span.end].trim_matches(['"', '\'']), it.text);
            }
        }
    }
}
