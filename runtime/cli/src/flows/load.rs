//! A flow that is to be run, with everything it calls, bound to its text.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::machine::Flows;
use flow::check::Checked;
use flow::{Diagnostic, Flow, Severity, Source};
use model::run::{Digest, Pin};
use model::similar::closest;
use model::{Value, json};

use super::{FLOWS, Known, find, source};
use crate::error::{Error, Result};
use crate::stage::Stage;

/// A flow that can be run.
pub(crate) struct Loaded {
    pub(crate) flows: Flows,
    pub(crate) pin: Pin,
    /// The plugins whose steps are used.
    pub(crate) plugins: BTreeSet<String>,
    /// What may not be as it was meant.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// A flow that cannot be run, and why.
pub(crate) struct Broken {
    pub(crate) problems: Vec<Diagnostic>,
}

/// Loads the flow of a file, or the flow of that name in the project.
pub(crate) fn load(word: &str, stage: &Stage<'_>) -> Result<std::result::Result<Loaded, Broken>> {
    let folder = stage.root().join(FLOWS);
    let path = Path::new(word);
    let mut sources = Vec::new();
    let mut main = None;
    if path.is_file() {
        main = Some(0);
        sources.push(source(path)?);
    }
    let others = if folder.is_dir() { find::within(&folder)? } else { Vec::new() };
    let near = |other: &PathBuf| other.strip_prefix(&stage.here).unwrap_or(other).to_owned();
    let real = |path: &PathBuf| path.canonicalize().ok();
    let own = real(&path.to_owned());
    for other in others.iter().filter(|other| main.is_none() || real(other) != own) {
        sources.push(source(&near(other))?);
    }
    let mut texts = Texts::read(sources);
    let main = match main {
        Some(main) => main,
        None => texts.named(word)?,
    };
    let known = Known::of(stage)?;
    texts.check(&known);
    Ok(texts.flows(main, &known))
}

/// Loads the flows that a run is bound to.
pub(crate) fn pinned(text: &str, stage: &Stage<'_>) -> Result<std::result::Result<Loaded, Broken>> {
    let pinned = json::parse(text).unwrap_or_default();
    let parts = |name: &str| {
        let texts = pinned.get(name).and_then(Value::as_object).into_iter().flatten();
        texts.map(|(name, text)| (name.clone(), text.as_text().unwrap_or_default().to_owned()))
    };
    let known = Known::of(stage)?.with_documents(parts("documents").collect());
    let sources = parts("flows").map(|(name, text)| Source::new(name, text));
    let mut texts = Texts::read(sources.collect());
    texts.check(&known);
    Ok(texts.flows(0, &known))
}

/// Flows as they were read, beside what is wrong with them.
struct Texts {
    read: Vec<(Arc<Source>, Option<Flow>, Vec<Diagnostic>)>,
    checked: Vec<Option<Checked>>,
}

impl Texts {
    fn read(sources: Vec<Arc<Source>>) -> Self {
        let read = sources.into_iter().map(|source| {
            let (flow, problems) = flow::read(Arc::clone(&source));
            (source, flow, problems)
        });
        Self { read: read.collect(), checked: Vec::new() }
    }

    /// Where the flow of that name stands.
    fn named(&self, word: &str) -> Result<usize> {
        let names = self.read.iter().map(|(_, flow, _)| flow.as_ref().map(|it| &*it.name.value));
        let found = names.clone().position(|name| name == Some(word));
        found.ok_or_else(|| {
            let similar = closest(word, names.flatten()).map(str::to_owned);
            Error::NoSuchFlow { word: word.to_owned(), similar }
        })
    }

    fn check(&mut self, known: &Known) {
        let mut flows: Vec<Flow> = Vec::new();
        let mut places = Vec::new();
        for (place, (_, flow, _)) in self.read.iter_mut().enumerate() {
            if let Some(flow) = flow.take() {
                places.push(place);
                flows.push(flow);
            }
        }
        let checked = flow::check_all(&mut flows, known);
        self.checked = self.read.iter().map(|_| None).collect();
        for ((place, flow), checked) in places.into_iter().zip(flows).zip(checked) {
            self.read[place].1 = Some(flow);
            self.checked[place] = Some(checked);
        }
    }

    /// The flow at that place and those it calls; or everything that is wrong with them.
    fn flows(mut self, main: usize, known: &Known) -> std::result::Result<Loaded, Broken> {
        let wanted = self.reached(main);
        let mut problems = Vec::new();
        for place in &wanted {
            let read = std::mem::take(&mut self.read[*place].2);
            let checked = self.checked[*place].as_mut();
            let checked = checked.map(|it| std::mem::take(&mut it.diagnostics)).unwrap_or_default();
            problems.extend(flow::together(read, checked));
        }
        if problems.iter().any(|it| it.severity == Severity::Error) {
            return Err(Broken { problems });
        }
        let sources: Vec<Arc<Source>> =
            wanted.iter().map(|place| Arc::clone(&self.read[*place].0)).collect();
        let mut documents = Vec::new();
        for place in &wanted {
            let flow = self.read[*place].1.as_mut();
            let found = flow.map(|flow| flow::check::inline(flow, engine::action::BESIDE, known));
            documents.extend(found.unwrap_or_default());
        }
        let pin = pin(&sources, &documents);
        let mut flows = wanted.iter().filter_map(|place| self.read[*place].1.take());
        let Some(first) = flows.next() else { return Err(Broken { problems }) };
        let called: HashMap<String, Flow> =
            flows.map(|flow| (flow.name.value.clone(), flow)).collect();
        let plugins = std::iter::once(&first).chain(called.values()).flat_map(plugins_of).collect();
        Ok(Loaded { flows: Flows { main: first, called }, pin, plugins, warnings: problems })
    }

    /// The flow at that place and all that it calls, each once.
    fn reached(&self, main: usize) -> Vec<usize> {
        let mut reached = vec![main];
        let mut next = 0;
        while let Some(place) = reached.get(next).copied() {
            next += 1;
            let calls = self.checked[place].as_ref().map(|it| it.contract.calls.as_slice());
            for name in calls.unwrap_or_default() {
                let named = |(_, flow, _): &(_, Option<Flow>, _)| {
                    flow.as_ref().is_some_and(|flow| flow.name.value == *name)
                };
                let called = self.read.iter().position(named);
                reached.extend(called.filter(|called| !reached.contains(called)));
            }
        }
        reached
    }
}

/// The plugins whose steps a flow uses.
fn plugins_of(flow: &Flow) -> Vec<String> {
    let named = flow::walk::actions(flow).into_iter().filter_map(|action| action.split_once('/'));
    named.map(|(plugin, _)| plugin.to_owned()).collect()
}

/// The texts of flows, the main one first, and of the documents they name, as a run is bound to
/// them.
fn pin(sources: &[Arc<Source>], documents: &[(String, String)]) -> Pin {
    let flows = sources.iter().map(|source| (source.name(), source.text()));
    let documents = documents.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let texts = |texts: Vec<(&str, &str)>| {
        let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text)));
        Value::Object(texts.collect())
    };
    let parts = [("flows", texts(flows.collect())), ("documents", texts(documents.collect()))];
    let parts = parts.into_iter().map(|(name, part)| (name.to_owned(), part));
    let text = json::write(&Value::Object(parts.collect()));
    let digest = Digest::from_bytes(*blake3::hash(text.as_bytes()).as_bytes());
    Pin { digest, text: Some(text) }
}
