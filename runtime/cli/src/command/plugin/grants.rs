//! Grants on the command line: options that name them, and how changes of them are shown.

use std::collections::BTreeSet;

use engine::grant::{Grants, Table};

use crate::error::{Error, Result};
use crate::output::Output;
use crate::output::json::{self, Object};

/// What is granted or revoked.
#[derive(clap::Args, Debug)]
pub(crate) struct What {
    /// What it may do with a queue: add, process, read, update, requeue, note
    #[arg(long, value_name = "QUEUE=VERB,…")]
    pub(crate) queue: Vec<String>,
    /// What it may do with the files of a folder of the project: read, read-write
    #[arg(long, value_name = "FOLDER=ACCESS")]
    pub(crate) files: Vec<String>,
    /// Where it may send requests, such as `https://api.example.com`
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) http: Vec<String>,
    /// A secret that it may read
    #[arg(long, value_name = "NAME")]
    pub(crate) secret: Vec<String>,
}

impl What {
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
            && self.files.is_empty()
            && self.http.is_empty()
            && self.secret.is_empty()
    }

    /// The grants that are named. A queue or folder without anything behind it stands for
    /// everything that `present` grants on it.
    pub(crate) fn grants(&self, present: Option<&Table>) -> Result<Grants> {
        let mut table = Table { http: self.http.clone(), ..Table::default() };
        table.secrets.clone_from(&self.secret);
        for word in &self.queue {
            let (queue, verbs) = match word.rsplit_once('=') {
                Some((queue, verbs)) => (queue, verbs.split(',').map(str::to_owned).collect()),
                None => (word.as_str(), all(word, present.map(|table| &table.queues))?.clone()),
            };
            table.queues.entry(queue.to_owned()).or_default().extend(verbs);
        }
        for word in &self.files {
            let (folder, access) = match word.rsplit_once('=') {
                Some((folder, access)) => (folder, access.to_owned()),
                None => (word.as_str(), all(word, present.map(|table| &table.files))?.clone()),
            };
            table.files.insert(folder.to_owned(), access);
        }
        Grants::parse(&table).map_err(|errors| Error::Grants { errors })
    }
}

/// Everything that is granted on a name; it has to be said where nothing can be looked up.
fn all<'t, T>(
    word: &str,
    present: Option<&'t std::collections::BTreeMap<String, T>>,
) -> Result<&'t T> {
    let shown = crate::args::shown(word);
    let Some(present) = present else {
        let message = format!("`{shown}` does not say what is granted");
        return Err(Error::usage(
            message,
            "such as --queue orders=add,process or --files ledger=read",
        ));
    };
    present.get(word).ok_or_else(|| Error::NotGranted { what: vec![shown] })
}

/// Each grant by itself, in the words of the options.
pub(crate) fn words(grants: &Grants) -> BTreeSet<String> {
    let table = grants.table();
    let queues = table
        .queues
        .iter()
        .flat_map(|(queue, verbs)| verbs.iter().map(move |verb| format!("queue {queue}={verb}")));
    let files = table.files.iter().map(|(folder, access)| format!("files {folder}={access}"));
    let http = table.http.iter().map(|origin| format!("http {origin}"));
    let secrets = table.secrets.iter().map(|name| format!("secret {name}"));
    queues.chain(files).chain(http).chain(secrets).collect()
}

/// A change of grants.
pub(crate) struct Change<'c> {
    pub(crate) plugin: &'c str,
    pub(crate) before: &'c Grants,
    pub(crate) after: &'c Grants,
    pub(crate) ceiling: Option<&'c Grants>,
}

impl Change<'_> {
    /// Shows what is different now, and warns about what has no effect.
    pub(crate) fn show(&self, output: &mut Output) -> Result<()> {
        let (before, after) = (words(self.before), words(self.after));
        let added: Vec<&String> = after.difference(&before).collect();
        let removed: Vec<&String> = before.difference(&after).collect();
        let idle: Vec<&String> = match self.ceiling {
            Some(ceiling) => {
                let met = words(&self.after.meet(ceiling));
                after.iter().filter(|word| !met.contains(*word)).collect()
            }
            None => Vec::new(),
        };
        if output.is_text() {
            removed.iter().try_for_each(|word| output.line(&format!("- {word}")))?;
            added.iter().try_for_each(|word| output.line(&format!("+ {word}")))?;
            if added.is_empty() && removed.is_empty() {
                output.say("nothing changed");
            }
        } else {
            let list = |words: &[&String]| json::list(words.iter().map(|it| json::quoted(it)));
            let object = Object::new()
                .text("plugin", self.plugin)
                .raw("added", &list(&added))
                .raw("removed", &list(&removed))
                .raw("grants", &list(&after.iter().collect::<Vec<_>>()))
                .raw("forbidden", &list(&idle));
            output.line(&object.finish())?;
        }
        for word in idle {
            output.warn(&format!(
                "warning: the operator of this installation does not allow all of `{word}` to \
                 any project"
            ));
        }
        Ok(())
    }
}
