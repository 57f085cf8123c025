//! `wharf doctor`: whether this machine can make plugins, and what to do where it cannot.

mod facts;
mod findings;

use std::path::Path;

use crate::command::doctor::facts::Facts;
use crate::command::doctor::findings::{Cure, Finding, Verdict, judge};
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::{Output, json};
use crate::plugin;
use crate::sdk::Sdk;
use crate::toolchain::{Tools, target};

/// Check the tool chain for plugins, and say what to do about what is missing
///
/// Looks at cargo, rustc and its target, rustup, the linker, the disk, the data directory, the SDK
/// of the plugins here, and the variables that change what is compiled. Exits 1 when a check fails.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Do what can be done safely: add the Rust target, unpack the SDK
    #[arg(long)]
    fix: bool,
}

pub(crate) fn cmd(
    args: &Args,
    here: &Path,
    data: &Path,
    tools: &Tools<'_>,
    output: &mut Output,
) -> Result<ExitCode> {
    let mut findings = judge(&Facts::gather(here, data, tools)?);
    if args.fix && cure(&findings, here, tools, output)? {
        // What was mended is looked at like everything else.
        findings = judge(&Facts::gather(here, data, tools)?);
    }
    report(&findings, output)?;
    let sick = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
    Ok(if sick { ExitCode::Failed } else { ExitCode::Ok })
}

/// Does what is safe; whether there was anything to do.
fn cure(findings: &[Finding], here: &Path, tools: &Tools<'_>, output: &mut Output) -> Result<bool> {
    let mut cures: Vec<Cure> = findings.iter().filter_map(|finding| finding.cure).collect();
    cures.dedup();
    for cure in &cures {
        match cure {
            Cure::AddTarget => {
                // What keeps it from being added is found again, and told, by the next look.
                if let Err(error) = target::add(here, tools) {
                    output.warn(error.render(output.color.1).trim_end());
                }
            }
            Cure::GiveSdk => {
                let sdk = Sdk::carried();
                for plugin in plugin::find(&[])? {
                    sdk.give(&plugin)?;
                }
            }
        }
    }
    Ok(!cures.is_empty())
}

fn report(findings: &[Finding], output: &mut Output) -> Result<()> {
    if !output.is_text() {
        return output.objects(findings.iter().map(object));
    }
    let width = findings.iter().map(|finding| finding.check.len()).max().unwrap_or(0);
    for Finding { check, verdict, found, why, mend, .. } in findings {
        output.line(&format!("{:4}  {check:width$}  {found}", verdict.name()))?;
        if *verdict == Verdict::Ok {
            continue;
        }
        output.line(&format!("      {:width$}  {why}", ""))?;
        output.line(&format!("      {:width$}  mend: {mend}", ""))?;
    }
    Ok(())
}

fn object(finding: &Finding) -> String {
    let sick = finding.verdict != Verdict::Ok;
    json::Object::new()
        .text("check", finding.check)
        .text("verdict", finding.verdict.name())
        .text("found", &finding.found)
        .maybe("why", sick.then_some(finding.why))
        .maybe("mend", sick.then_some(&finding.mend))
        .flag("fixable", finding.cure.is_some())
        .finish()
}
