//! Secrets: from the environment, else from files that are their owner's alone.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::limits::SECRET_BYTES_MAX;
use engine::secret::{Secret, Secrets};
use rustix::fs::OFlags;

use super::log::Talk;

/// What others than the owner may do with a file.
const OPEN_TO_OTHERS: u32 = 0o077;

pub(crate) struct Kept {
    /// By the name behind `WHARF_SECRET_`.
    pub(crate) environment: BTreeMap<String, OsString>,
    /// A file for each, named like the secret.
    pub(crate) folder: PathBuf,
    pub(crate) talk: Arc<Talk>,
}

impl Secrets for Kept {
    fn get(&self, name: &str) -> Option<Secret> {
        let variable = name.to_uppercase().replace('-', "_");
        if let Some(value) = self.environment.get(&variable) {
            let value = value.to_str();
            if value.is_none() {
                self.talk.warn(&format!("WHARF_SECRET_{variable} is not UTF-8"));
            }
            return value.map(Secret::new);
        }
        if !is_file_name(name) {
            return None;
        }
        let file = self.folder.join(name);
        match read(&file) {
            Ok(text) => Some(Secret::new(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                let (file, problem) = (file.display(), model::plain(&error));
                self.talk.warn(&format!("the secret `{file}` is not used: {problem}"));
                None
            }
        }
    }
}

/// Whether a file of that name lies in the folder, and nowhere else.
fn is_file_name(name: &str) -> bool {
    let known = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    !name.is_empty() && !name.starts_with('.') && name.chars().all(known)
}

/// The text of a file that nobody else can read; the line break at its end does not count.
fn read(file: &Path) -> io::Result<String> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened =
        OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(file)?;
    let found = opened.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("it is not a plain file"));
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other("it belongs to another user"));
    }
    if found.mode() & OPEN_TO_OTHERS != 0 {
        return Err(io::Error::other("others may read or write it; `chmod 600` ends that"));
    }
    text(opened)
}

/// One that is too large is left to the limit, which tells its own error.
fn text(file: File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.take(SECRET_BYTES_MAX as u64 + 2).read_to_end(&mut bytes)?;
    let mut text = String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8"))?;
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
        let talk = Arc::new(Talk { quiet: true, color: false });
        Kept { environment, folder: folder.to_owned(), talk }
    }

    fn got(kept: &Kept, name: &str) -> Option<String> {
        kept.get(name).map(|secret| secret.reveal().to_owned())
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
        assert_eq!(got(&kept, "portal-token").as_deref(), Some("from outside"));
        assert_eq!(got(&kept, "mail").as_deref(), Some("from a file"));
        assert_eq!(got(&kept, "other"), None);
    }

    #[test]
    fn open_files_are_not_used() {
        let dir = tempfile::tempdir().expect("space");
        let kept = kept(dir.path());
        let file = dir.path().join("mail");
        fs::write(&file, "x").expect("space");
        for (mode, used) in [(0o600, true), (0o400, true), (0o640, false), (0o602, false)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is ours");
            assert_eq!(got(&kept, "mail").is_some(), used, "{mode:o}");
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
        for name in ["../mail", "link", "", ".", "..", "a/b", "a\0b"] {
            assert_eq!(got(&kept(&folder), name), None, "{name}");
        }
    }
}
