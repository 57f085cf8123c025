//! Secrets: from the environment, else from files that are their owner's alone.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use engine::limits::SECRET_BYTES_MAX;
use engine::secret::{Error, Secret, Secrets};
use rustix::fs::OFlags;

/// What a mode says about who may do what with a file, and that part of it about others.
const PERMISSIONS: u32 = 0o7777;
const OPEN_TO_OTHERS: u32 = 0o077;

pub(crate) struct Kept {
    /// By the name behind `WHARF_SECRET_`.
    pub(crate) environment: BTreeMap<String, OsString>,
    /// A file for each, named like the secret.
    pub(crate) folder: PathBuf,
}

impl Secrets for Kept {
    fn get(&self, name: &str) -> Result<Secret, Error> {
        let variable = name.to_uppercase().replace('-', "_");
        if let Some(value) = self.environment.get(&variable) {
            let unusable = || Error::Unusable {
                name: name.to_owned(),
                place: format!("WHARF_SECRET_{variable}"),
                problem: NOT_UTF8.into(),
            };
            return value.to_str().map(Secret::new).ok_or_else(unusable);
        }
        if !is_file_name(name) {
            return Err(Error::not_found(name));
        }
        let file = self.folder.join(name);
        read(&file).map(Secret::new).map_err(|problem| problem.about(name, &file))
    }
}

const NOT_UTF8: &str = "is not UTF-8";

/// Why the text of a file is not used.
enum Problem {
    /// Others than its owner may do something with it.
    Exposed {
        mode: u32,
    },
    Other(io::Error),
}

impl Problem {
    fn about(self, name: &str, file: &Path) -> Error {
        let (name, file) = (name.to_owned(), file.display().to_string());
        match self {
            Self::Exposed { mode } => Error::Exposed { name, file, mode },
            Self::Other(error) if error.kind() == io::ErrorKind::NotFound => {
                Error::not_found(&name)
            }
            Self::Other(error) => {
                let problem = model::plain(&error);
                Error::Unusable { name, place: file, problem }
            }
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Other(error)
    }
}

/// Whether a file of that name lies in the folder, and nowhere else.
fn is_file_name(name: &str) -> bool {
    let known = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    !name.is_empty() && !name.starts_with('.') && name.chars().all(known)
}

/// The text of a file that nobody else can read; the line break at its end does not count.
fn read(file: &Path) -> Result<String, Problem> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened =
        OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(file)?;
    let found = opened.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("is not a plain file").into());
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other("belongs to another user").into());
    }
    let mode = found.mode() & PERMISSIONS;
    if mode & OPEN_TO_OTHERS != 0 {
        return Err(Problem::Exposed { mode });
    }
    Ok(text(opened)?)
}

/// One that is too large is left to the limit, which tells its own error.
fn text(file: File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.take(SECRET_BYTES_MAX as u64 + 2).read_to_end(&mut bytes)?;
    let mut text = String::from_utf8(bytes).map_err(|_| io::Error::other(NOT_UTF8))?;
    let line = text.strip_suffix('\n').map_or(text.len(), str::len);
    text.truncate(line);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn kept(folder: &Path) -> Kept {
        let environment = [("PORTAL_TOKEN".to_owned(), OsString::from("from outside"))].into();
        Kept { environment, folder: folder.to_owned() }
    }

    fn got(kept: &Kept, name: &str) -> Result<String, String> {
        let got = kept.get(name);
        got.map(|secret| secret.reveal().to_owned()).map_err(|error| error.code().to_owned())
    }

    #[test]
    fn environment_goes_before_files() {
        let dir = tempfile::tempdir().expect("space");
        for name in ["portal-token", "mail"] {
            let file = dir.path().join(name);
            fs::write(&file, "from a file\n").expect("space");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it is ours");
        }
        let kept = kept(dir.path());
        assert_eq!(got(&kept, "portal-token").as_deref(), Ok("from outside"));
        assert_eq!(got(&kept, "mail").as_deref(), Ok("from a file"));
        assert_eq!(got(&kept, "other"), Err("secret/not-found".into()));
    }

    #[test]
    fn open_files_are_not_used() {
        let dir = tempfile::tempdir().expect("space");
        let kept = kept(dir.path());
        let file = dir.path().join("mail");
        fs::write(&file, "x").expect("space");
        for (mode, used) in [(0o600, true), (0o400, true), (0o640, false), (0o602, false)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is ours");
            let got = kept.get("mail").map(drop);
            let (name, file) = ("mail".to_owned(), file.display().to_string());
            let exposed = Error::Exposed { name, file, mode };
            assert_eq!(got, if used { Ok(()) } else { Err(exposed) }, "{mode:o}");
        }
        let error = kept.get("mail").expect_err("others may write it");
        assert!(error.to_string().ends_with("has the mode 0602"), "{error}");
        assert_eq!(error.hint().split('`').nth(1), Some(&*format!("chmod 600 {}", file.display())));
    }

    #[test]
    fn odd_files_and_variables_are_not_used() {
        use std::os::unix::ffi::OsStringExt as _;
        let dir = tempfile::tempdir().expect("space");
        let mut kept = kept(dir.path());
        fs::create_dir(dir.path().join("folder")).expect("space");
        fs::write(dir.path().join("mail"), b"\xff").expect("space");
        let own = fs::Permissions::from_mode(0o600);
        fs::set_permissions(dir.path().join("mail"), own).expect("it is ours");
        kept.environment.insert("ODD".into(), OsString::from_vec(vec![0xff]));
        for name in ["folder", "mail", "odd"] {
            assert_eq!(got(&kept, name), Err("secret/unusable".into()), "{name}");
        }
    }

    #[test]
    fn names_stay_in_their_folder() {
        let dir = tempfile::tempdir().expect("space");
        let (folder, file) = (dir.path().join("secrets"), dir.path().join("mail"));
        fs::create_dir(&folder).expect("space");
        fs::write(&file, "x").expect("space");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it is ours");
        std::os::unix::fs::symlink(&file, folder.join("link")).expect("space");
        assert_eq!(got(&kept(&folder), "link"), Err("secret/unusable".into()));
        for name in ["../mail", "", ".", "..", "a/b", "a\0b"] {
            assert_eq!(got(&kept(&folder), name), Err("secret/not-found".into()), "{name}");
        }
    }
}
