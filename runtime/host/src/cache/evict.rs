//! What goes when the cache grows too large: that which nobody has used for longest.

use std::fs::{self, DirEntry};
use std::io;
use std::time::SystemTime;

use super::dir::{Dir, fault};
use super::key::KEY_FILE;
use crate::fault::Fault;

/// A file that may go.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    bytes: u64,
    used: SystemTime,
}

/// Removes files, oldest first, until the rest is within the bound. Drafts that a killed process
/// left behind age and go like everything else.
pub(super) fn oldest(dir: &Dir, bytes_max: u64, keep: &str) -> Result<(), Fault> {
    let entries = list(dir).map_err(|error| fault(dir.path(), error))?;
    surplus(entries, bytes_max, keep).iter().try_for_each(|name| dir.remove(name))
}

fn list(dir: &Dir) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir.path())? {
        match describe(&entry?) {
            Ok(entry) => entries.extend(entry),
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(entries)
}

fn describe(entry: &DirEntry) -> io::Result<Option<Entry>> {
    let metadata = entry.metadata()?;
    let name = entry.file_name().into_string().ok();
    let name = name.filter(|_| metadata.is_file());
    let used = metadata.modified()?;
    Ok(name.map(|name| Entry { name, bytes: metadata.len(), used }))
}

/// The names of what must go.
fn surplus(mut entries: Vec<Entry>, bytes_max: u64, keep: &str) -> Vec<String> {
    let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
    entries.sort_by(|one, other| one.used.cmp(&other.used).then(one.name.cmp(&other.name)));
    let mut gone = Vec::new();
    for entry in entries.into_iter().filter(|entry| ![keep, KEY_FILE].contains(&&*entry.name)) {
        if total <= bytes_max {
            break;
        }
        total -= entry.bytes;
        gone.push(entry.name);
    }
    gone
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn entry(name: &str, bytes: u64, used: u64) -> Entry {
        let used = SystemTime::UNIX_EPOCH + Duration::from_secs(used);
        Entry { name: name.into(), bytes, used }
    }

    #[test]
    fn oldest_go_until_the_rest_fits() {
        let entries = || {
            vec![
                entry("new", 10, 4),
                entry("old", 10, 1),
                entry("middle", 10, 2),
                entry(KEY_FILE, 10, 0),
            ]
        };
        for (bytes_max, expected) in [
            (41, vec![]),
            (40, vec![]),
            (39, vec!["old"]),
            (30, vec!["old"]),
            (29, vec!["old", "middle"]),
            (0, vec!["old", "middle"]),
        ] {
            assert_eq!(surplus(entries(), bytes_max, "new"), expected, "{bytes_max}");
        }
    }
}
