//! What became of the rows, told at the end; the rejected ones also in a file as they come.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::import::Reject;
use crate::output::Output;
use crate::output::json::{self, Object};
use crate::view::count;

/// Rejected rows that are told one by one; a file takes them all.
const TOLD: usize = 20;

pub(super) struct Report {
    pub(super) accepted: u64,
    pub(super) duplicate: u64,
    rejected: u64,
    told: Vec<Reject>,
    file: Option<(PathBuf, rows::Writer<BufWriter<File>>)>,
}

impl Report {
    pub(super) fn new(rejects: Option<&Path>) -> Result<Self> {
        let file = rejects.map(|path| {
            let fault = Error::file("write", path);
            let file = File::create(path).map_err(fault)?;
            let mut writer = rows::Writer::new(BufWriter::new(file), rows::Style::default());
            writer.row(["row", "line", "code", "reason"]).map_err(Error::file("write", path))?;
            Ok::<_, Error>((path.to_owned(), writer))
        });
        Ok(Self {
            accepted: 0,
            duplicate: 0,
            rejected: 0,
            told: Vec::new(),
            file: file.transpose()?,
        })
    }

    pub(super) fn reject(&mut self, reject: Reject) -> Result<()> {
        self.rejected += 1;
        if let Some((path, writer)) = &mut self.file {
            let place = reject.place;
            let cells =
                [&place.row.to_string(), &place.line.to_string(), &reject.code, &reject.reason];
            writer.row(cells).map_err(Error::file("write", &*path))?;
        }
        if self.told.len() < TOLD {
            self.told.push(reject);
        }
        Ok(())
    }

    /// Says what became of the rows.
    pub(super) fn tell(mut self, output: &mut Output) -> Result<ExitCode> {
        let file = self.file.take().map(|(path, writer)| {
            let fault = Error::file("write", &path);
            writer.finish().map_err(fault).map(|_| path)
        });
        let file = file.transpose()?;
        if output.is_text() {
            self.tell_text(file.as_deref(), output)?;
        } else {
            output.line(&self.object())?;
        }
        Ok(if self.rejected == 0 { ExitCode::Ok } else { ExitCode::Refused })
    }

    fn tell_text(&self, file: Option<&Path>, output: &mut Output) -> Result<()> {
        let Self { accepted, duplicate, rejected, .. } = self;
        for reject in &self.told {
            let Reject { place, code, reason } = reject;
            output.warn(&format!("line {} (row {}): {code}: {reason}", place.line, place.row));
        }
        let untold = rejected - self.told.len() as u64;
        match file {
            Some(path) if *rejected > 0 => {
                output.say(&format!("`{}` has all rejected rows", path.display()));
            }
            None if untold > 0 => {
                let rows = count(untold, "row");
                output.warn(&format!("and {rows} more; --rejects FILE writes all of them"));
            }
            _ => {}
        }
        output.line(&format!("accepted {accepted}, duplicate {duplicate}, rejected {rejected}"))
    }

    fn object(&self) -> String {
        let rejects = self.told.iter().map(|reject| {
            Object::new()
                .number("row", reject.place.row)
                .number("line", reject.place.line)
                .text("code", &reject.code)
                .text("reason", &reject.reason)
                .finish()
        });
        Object::new()
            .number("accepted", self.accepted)
            .number("duplicate", self.duplicate)
            .number("rejected", self.rejected)
            .raw("rejects", &json::list(rejects))
            .finish()
    }
}
