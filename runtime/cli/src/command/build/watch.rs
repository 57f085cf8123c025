//! `wharf build --watch`: builds again when the content of a file changes.
//!
//! A build counts only if the files are the same after it as before it; otherwise nobody knows of
//! which of the two it was made, and it is done again. A build that writes among its own sources
//! would go on like that for ever, so after some builds in a row the last one counts after all, and
//! a warning says so.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use crate::command::build::watched::{Content, Watched};
use crate::command::build::{build, report};
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::plugin::Plugin;
use crate::toolchain::{Built, Error as BuildError, Profile, Tools};

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// For how long they have to stay the same before a build: editors write in several steps.
const SETTLE: Duration = Duration::from_millis(20);
/// So many builds in a row may find their files changed by the end.
const UNSETTLED_BUILDS_MAX: u32 = 5;

/// A plugin under watch.
struct Seat {
    plugin: Plugin,
    watched: Watched,
    /// What the files held when the last build began.
    built: Option<Content>,
    /// How many builds in a row found their files changed.
    unsettled: u32,
}

/// What a build is worth.
#[derive(Debug, PartialEq, Eq)]
enum Worth {
    /// It was made of what the files hold.
    Counts,
    /// The files changed meanwhile.
    Again,
    /// They have changed in every build for too long.
    CountsAnyway,
}

fn judge(before: Content, after: Content, unsettled: u32) -> Worth {
    if before == after {
        Worth::Counts
    } else if unsettled + 1 < UNSETTLED_BUILDS_MAX {
        Worth::Again
    } else {
        Worth::CountsAnyway
    }
}

pub(super) fn watch(
    plugins: Vec<Plugin>,
    profile: Profile,
    tools: &Tools<'_>,
    output: &mut Output,
) -> Result<ExitCode> {
    let seat = |plugin: Plugin| {
        let watched = Watched::new(&plugin.folder);
        Seat { plugin, watched, built: None, unsettled: 0 }
    };
    let mut seats: Vec<Seat> = plugins.into_iter().map(seat).collect();
    let stopped = || tools.interrupted.load(Ordering::Relaxed);
    while !stopped() {
        for seat in &mut seats {
            match seat.turn(profile, tools, output) {
                Err(Error::Interrupted) => return Ok(ExitCode::Interrupted),
                done => done?,
            }
        }
        thread::sleep(LOOK_EVERY);
    }
    Ok(ExitCode::Interrupted)
}

impl Seat {
    /// Builds the plugin if its files changed.
    fn turn(&mut self, profile: Profile, tools: &Tools<'_>, output: &mut Output) -> Result<()> {
        let mut before = self.watched.look()?;
        if self.built == Some(before) {
            return Ok(());
        }
        while !tools.interrupted.load(Ordering::Relaxed) {
            thread::sleep(SETTLE);
            let now = self.watched.look()?;
            if now == before {
                break;
            }
            before = now;
        }
        let plugin = Plugin::open(&self.plugin.folder);
        let done = plugin.and_then(|plugin| build(&plugin, profile, tools, output));
        if let Ok(built) = &done {
            self.watched.also(&built.inputs);
        }
        let after = self.watched.look()?;
        let worth = judge(before, after, self.unsettled);
        self.built = Some(if worth == Worth::CountsAnyway { after } else { before });
        self.unsettled = if worth == Worth::Again { self.unsettled + 1 } else { 0 };
        tell(done, &worth, output)
    }
}

/// Says how a build went, if it counts. A mistake in the sources ends no watch; anything else does.
fn tell(done: Result<Built>, worth: &Worth, output: &mut Output) -> Result<()> {
    match done {
        Err(Error::Interrupted) => return Err(Error::Interrupted),
        _ if *worth == Worth::Again => return Ok(()),
        Ok(built) => report(&[built], output)?,
        Err(error) if is_mistake(&error) => output.fail(&error),
        Err(other) => return Err(other),
    }
    if *worth == Worth::CountsAnyway {
        output.warn(&format!(
            "warning: files of the plugin changed during each of {UNSETTLED_BUILDS_MAX} builds in \
             a row, so this one may be older than they are\nhint: a build script writes to \
             `OUT_DIR`, not among the sources; the next change starts a build"
        ));
    }
    output.flush()
}

/// Whether the author makes it good by an edit.
fn is_mistake(error: &Error) -> bool {
    use BuildError as B;
    matches!(
        error,
        Error::Host(_)
            | Error::Toolchain(
                B::NotBuilt { .. }
                    | B::NoPlugin { .. }
                    | B::BadManifest { .. }
                    | B::NotAPackage { .. }
                    | B::NotACdylib { .. }
                    | B::NoComponent { .. }
            )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsettled_files_are_built_again() {
        let folder = tempfile::tempdir().expect("space");
        let mut watched = Watched::new(folder.path());
        let before = watched.look().expect("few files");
        std::fs::write(folder.path().join("a"), "").expect("space");
        let after = watched.look().expect("few files");
        assert_eq!(judge(before, before, 0), Worth::Counts);
        for (unsettled, worth) in [
            (0, Worth::Again),
            (UNSETTLED_BUILDS_MAX - 2, Worth::Again),
            (UNSETTLED_BUILDS_MAX - 1, Worth::CountsAnyway),
            (UNSETTLED_BUILDS_MAX, Worth::CountsAnyway),
        ] {
            assert_eq!(judge(before, after, unsettled), worth, "{unsettled}");
        }
    }
}
