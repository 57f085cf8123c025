//! `wharf build`: plugins become components.

mod watch;
mod watched;

use std::path::PathBuf;

use host::{Signature, registry};

use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::{Format, Output, json};
use crate::plugin::{self, Plugin};
use crate::sdk::{Sdk, State};
use crate::toolchain::{self, Built, Profile, Tools};

/// Compile plugins to components, and print where they are
///
/// Without DIR it builds the plugin in this folder, else every one in `plugins/`. What the compiler
/// says goes to stderr. The Rust target is added where it is missing and rustup can.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The folders of plugins.
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Compile for use: smaller and faster, but slower to make
    #[arg(long)]
    release: bool,
    /// Go on: build again whenever the content of a file changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
}

pub(crate) fn cmd(args: &Args, tools: &Tools<'_>, output: &mut Output) -> Result<ExitCode> {
    if args.watch && output.format == Format::Json {
        let message = "`--watch` prints as it goes, and never ends its document";
        return Err(Error::usage(message, "use `--output jsonl`: a line for each build"));
    }
    let plugins = plugin::find(&args.folders)?;
    toolchain::prepare(&plugins, tools)?;
    let profile = if args.release { Profile::Release } else { Profile::Dev };
    if args.watch {
        return watch::watch(plugins, profile, tools, output);
    }
    let (mut built, mut failed) = (Vec::new(), Vec::new());
    for plugin in &plugins {
        match build(plugin, profile, tools, output) {
            Ok(done) => built.push(done),
            // The others may still be built, and are worth knowing about.
            Err(Error::Toolchain(toolchain::Error::NotBuilt { plugins })) => failed.extend(plugins),
            Err(other) => return Err(other),
        }
    }
    report(&built, output)?;
    if failed.is_empty() {
        return Ok(ExitCode::Ok);
    }
    Err(toolchain::Error::NotBuilt { plugins: failed }.into())
}

/// Builds a plugin whose SDK may have to be unpacked first. What this returns can be loaded.
pub(crate) fn build(
    plugin: &Plugin,
    profile: Profile,
    tools: &Tools<'_>,
    output: &mut Output,
) -> Result<Built> {
    let sdk = Sdk::carried();
    if let State::Missing { carried } = sdk.state(plugin)?
        && let Some(copy) = sdk.give(plugin)?
    {
        let (name, copy) = (&plugin.name, copy.display());
        output.say(&if carried {
            format!("unpacked the SDK of `{name}` into `{copy}`")
        } else {
            format!(
                "`{name}` was made with another wharf, whose SDK is not here: its Cargo.toml \
                 names that of this one now, `{copy}`"
            )
        });
    }
    let built = toolchain::build(plugin, profile, tools)?;
    // What no call could load is told now, to whoever can mend it.
    Signature::decode(&registry::read(&built.file)?)?;
    Ok(built)
}

/// Prints what was built: for people and shells the paths alone, one a line.
fn report(built: &[Built], output: &mut Output) -> Result<()> {
    if !output.is_text() {
        return output.objects(built.iter().map(object));
    }
    for built in built {
        output.line(&built.file.display().to_string())?;
        let (plugin, kilobytes) = (&built.plugin, built.bytes.div_ceil(1024));
        let took = built.took.as_secs_f64();
        output.say(&if built.fresh {
            format!("`{plugin}` is up to date: {kilobytes} KB")
        } else {
            format!("built `{plugin}` in {took:.1} s: {kilobytes} KB")
        });
    }
    Ok(())
}

fn object(built: &Built) -> String {
    json::Object::new()
        .text("plugin", &built.plugin)
        .text("folder", built.folder.display())
        .text("file", built.file.display())
        .number("bytes", built.bytes)
        .text("profile", built.profile.name())
        .flag("fresh", built.fresh)
        .number("took_ms", built.took.as_millis())
        .finish()
}
