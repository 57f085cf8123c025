//! Real folders, and the ways out of them.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::{Error, FilePath, Files, Folders, Writing};
use crate::grant::{Grants, Permit, Table};
use crate::limits::{
    FILE_BYTES_MAX, FILE_NAME_BYTES_MAX, FILE_PATH_BYTES_MAX, FILE_PATH_PARTS_MAX,
    FOLDER_ENTRIES_MAX,
};

/// A project with the folders `ledger`, `archive` and `secret`, of which two are granted, and a
/// file outside that nobody may reach.
struct Project {
    place: TempDir,
    folders: Folders,
    permit: Permit,
}

impl Project {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("there is room for a test");
        let mut folders = Folders::default();
        for name in ["ledger", "archive", "secret"] {
            fs::create_dir(place.path().join(name)).unwrap();
            folders.open(name, &place.path().join(name)).unwrap();
        }
        fs::create_dir(place.path().join("ledger/2026")).unwrap();
        fs::write(place.path().join("outside.txt"), "outside").unwrap();
        fs::write(place.path().join("secret/key.txt"), "key").unwrap();
        fs::write(place.path().join("ledger/a.csv"), "a,b\n").unwrap();
        fs::write(place.path().join("archive/old.csv"), "old").unwrap();
        let files = [("ledger", "read-write"), ("archive", "read"), ("gone", "read")];
        let files = files.map(|(folder, access)| (folder.to_owned(), access.to_owned()));
        let table = Table { files: files.into(), ..Table::default() };
        let project = Grants::parse(&table).unwrap();
        Self { place, folders, permit: Permit { plugin: "finance".into(), project, ceiling: None } }
    }

    fn files(&self) -> Files<'_> {
        Files { folders: &self.folders, permit: &self.permit }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.place.path().join(path)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = self.files().list(folder).unwrap();
        entries.into_iter().map(|entry| entry.name).collect()
    }

    /// What every operation says about a path.
    fn codes(&self, path: &str) -> [&'static str; 6] {
        let files = self.files();
        let code = |result: Result<(), Error>| result.map_or_else(|error| error.code(), |()| "ok");
        let write = |how| code(files.write(path, b"x", how));
        [
            code(files.read(path).map(drop)),
            write(Writing::Create),
            write(Writing::Replace),
            write(Writing::Append),
            code(files.list(path).map(drop)),
            code(files.delete(path)),
        ]
    }
}

#[test]
fn writes_and_reads_files_back() {
    let project = Project::new();
    let files = project.files();
    files.write("ledger/new.csv", b"1\n", Writing::Create).unwrap();
    assert_eq!(files.read("ledger/new.csv").unwrap(), b"1\n");
    files.write("ledger/new.csv", b"2\n", Writing::Append).unwrap();
    assert_eq!(files.read("ledger/new.csv").unwrap(), b"1\n2\n");
    files.write("ledger/new.csv", b"3\n", Writing::Replace).unwrap();
    assert_eq!(files.read("ledger/new.csv").unwrap(), b"3\n");
    files.write("ledger/2026/deep.csv", b"d", Writing::Replace).unwrap();
    files.write("ledger/2026/log.txt", b"l", Writing::Append).unwrap();
    assert_eq!(project.names("ledger/2026"), ["deep.csv", "log.txt"]);
    files.delete("ledger/new.csv").unwrap();
    assert_eq!(project.names("ledger"), ["2026", "a.csv"]);
    assert_eq!(files.read("ledger/new.csv").unwrap_err().code(), "file/not-found");
}

#[test]
fn tells_what_a_folder_holds() {
    let project = Project::new();
    let entries = project.files().list("ledger").unwrap();
    assert_eq!(entries.len(), 2);
    assert!(entries[0].folder && entries[0].name == "2026" && entries[0].size == 0);
    assert!(!entries[1].folder && entries[1].name == "a.csv" && entries[1].size == 4);
    let modified = fs::metadata(project.at("ledger/a.csv")).unwrap().modified().unwrap();
    assert_eq!(entries[1].modified.timestamp(), modified.try_into().unwrap());
}

#[test]
fn refuses_what_the_operation_cannot_do() {
    let project = Project::new();
    let files = project.files();
    let code = |result: Result<(), Error>| result.unwrap_err().code();
    assert_eq!(code(files.write("ledger/a.csv", b"", Writing::Create)), "file/exists");
    assert_eq!(fs::read(project.at("ledger/a.csv")).unwrap(), b"a,b\n");
    assert_eq!(code(files.write("ledger/no/a.csv", b"", Writing::Create)), "file/not-found");
    assert_eq!(code(files.write("ledger/a.csv/b", b"", Writing::Create)), "file/not-found");
    let folder = ["file/not-a-file", "file/exists", "file/not-a-file", "file/not-a-file"];
    assert_eq!(project.codes("ledger/2026")[..4], folder);
    assert_eq!(project.codes("ledger/2026")[4..], ["ok", "file/not-a-file"]);
    assert_eq!(project.codes("ledger/a.csv")[4], "file/not-a-folder");
    assert_eq!(project.codes("ledger")[..4], ["file/not-a-file"; 4]);
    assert_eq!(project.codes("ledger")[4..], ["ok", "file/not-a-file"]);
}

#[test]
fn grants_decide_before_anything_else() {
    let project = Project::new();
    let denied = "grant/denied";
    assert_eq!(project.codes("secret/key.txt"), [denied; 6]);
    assert_eq!(project.codes("nowhere/key.txt"), [denied; 6]);
    let read_only = ["ok", denied, denied, denied, "file/not-a-folder", denied];
    assert_eq!(project.codes("archive/old.csv"), read_only);
    assert_eq!(project.codes("gone/a.csv")[0], "file/no-folder");
    let error = project.files().read("secret/key.txt").unwrap_err();
    assert_eq!(error.hint(), "`wharf plugin grant finance --files secret=read` grants it");
    assert_eq!(fs::read(project.at("archive/old.csv")).unwrap(), b"old");
}

#[test]
fn refuses_paths_that_could_mislead() {
    let project = Project::new();
    for path in [
        "",
        "/",
        "/etc/passwd",
        "ledger/",
        "ledger//a.csv",
        "ledger/./a.csv",
        "ledger/..",
        "ledger/../outside.txt",
        "ledger/2026/../../outside.txt",
        "..",
        "../outside.txt",
        "ledger\\..\\outside.txt",
        "ledger/a.csv\0.txt",
        "ledger/a\n.csv",
        "ledger/a.csv::$DATA",
        "ledger/a.csv:stream",
        "C:/windows",
        "ledger/*.csv",
        "ledger/a?.csv",
        "ledger/a.csv.",
        "ledger/a.csv ",
        "ledger/CON",
        "ledger/con.txt",
        "ledger/Nul .txt",
        "ledger/COM1",
        "ledger/lpt².csv",
        "ledger/conin$",
        "ledger/.wharf-0.new",
        "ledger/.WHARF-0.new",
    ] {
        assert_eq!(project.codes(path), ["file/bad-path"; 6], "{path:?}");
    }
    for path in ["ledger/console.txt", "ledger/com10", "ledger/..a", "ledger/.hidden", "a/b é 年"]
    {
        assert!(FilePath::parse(path).is_ok(), "{path:?}");
    }
}

#[test]
fn links_never_lead_out() {
    for path in [
        "ledger/relative",
        "ledger/absolute",
        "ledger/chain",
        "ledger/dangling",
        "ledger/up/outside.txt",
        "ledger/up/fresh.txt",
        "ledger/up/secret/key.txt",
        "ledger/up/ledger/a.csv",
        "ledger/all/etc/passwd",
        "ledger/proc/etc/passwd",
        "ledger/2026/sideways/key.txt",
        "ledger/2026/sideways",
    ] {
        let project = Project::new();
        let link = |target: &str, name: &str| symlink(target, project.at(name)).unwrap();
        let outside = project.at("outside.txt");
        link("../outside.txt", "ledger/relative");
        link(outside.to_str().unwrap(), "ledger/absolute");
        link("relative", "ledger/chain");
        link("../fresh.txt", "ledger/dangling");
        link("..", "ledger/up");
        link("/", "ledger/all");
        link("/proc/self/root", "ledger/proc");
        link("../../secret", "ledger/2026/sideways");
        // A link may be deleted, and is where a file cannot be created; else nothing is possible.
        let [read, create, replace, append, list, delete] = project.codes(path);
        for code in [read, replace, append, list] {
            assert_eq!(code, "file/outside", "{path}");
        }
        assert!(["file/outside", "file/exists"].contains(&create), "{path}: {create}");
        assert!(["file/outside", "ok"].contains(&delete), "{path}: {delete}");
        assert_eq!(fs::read(&outside).unwrap(), b"outside");
        assert_eq!(fs::read(project.at("secret/key.txt")).unwrap(), b"key");
        assert_eq!(fs::read(project.at("ledger/a.csv")).unwrap(), b"a,b\n");
        assert!(!project.at("fresh.txt").exists());
    }
}

#[test]
fn links_that_lead_out_change_nothing() {
    let project = Project::new();
    let files = project.files();
    symlink("../outside.txt", project.at("ledger/link")).unwrap();
    for how in [Writing::Create, Writing::Replace, Writing::Append] {
        let code = files.write("ledger/link", b"x", how).unwrap_err().code();
        assert!(["file/outside", "file/exists"].contains(&code), "{how:?}: {code}");
    }
    assert_eq!(fs::read(project.at("outside.txt")).unwrap(), b"outside");
    assert_eq!(project.names("ledger"), ["2026", "a.csv"]);
    files.delete("ledger/link").unwrap();
    assert!(project.at("outside.txt").exists() && !project.at("ledger/link").exists());
}

#[test]
fn links_within_a_folder_work() {
    let project = Project::new();
    let files = project.files();
    symlink("2026/april.csv", project.at("ledger/current")).unwrap();
    symlink("../a.csv", project.at("ledger/2026/up")).unwrap();
    fs::write(project.at("ledger/2026/april.csv"), "april").unwrap();
    assert_eq!(files.read("ledger/current").unwrap(), b"april");
    assert_eq!(files.read("ledger/2026/up").unwrap(), b"a,b\n");
    files.write("ledger/current", b"new", Writing::Replace).unwrap();
    assert!(project.at("ledger/current").is_symlink());
    assert_eq!(fs::read(project.at("ledger/2026/april.csv")).unwrap(), b"new");
    let nameless = std::ffi::OsStr::from_bytes(b"ledger/\xff");
    fs::create_dir(project.place.path().join(nameless)).unwrap();
    symlink(std::ffi::OsStr::from_bytes(b"\xff/b"), project.at("ledger/b")).unwrap();
    files.write("ledger/b", b"1", Writing::Append).unwrap();
    files.write("ledger/b", b"2", Writing::Replace).unwrap();
    assert_eq!(files.read("ledger/b").unwrap(), b"2");
    files.delete("ledger/b").unwrap();
    files.write("ledger/2026/up", b"c\n", Writing::Append).unwrap();
    assert_eq!(fs::read(project.at("ledger/a.csv")).unwrap(), b"a,b\nc\n");
    assert_eq!(project.names("ledger"), ["2026", "a.csv", "current"]);
}

#[test]
fn special_files_are_no_files() {
    let project = Project::new();
    let fifo = project.at("ledger/pipe");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let _socket = UnixListener::bind(project.at("ledger/socket")).unwrap();
    for path in ["ledger/pipe", "ledger/socket"] {
        let codes = project.codes(path);
        let no = "file/not-a-file";
        assert_eq!(codes, [no, "file/exists", no, no, "file/not-a-folder", no], "{path}");
    }
    assert_eq!(project.names("ledger"), ["2026", "a.csv"]);
}

#[test]
fn replacing_is_whole_or_nothing() {
    let project = Project::new();
    let files = project.files();
    let place = project.at("ledger/a.csv");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o640)).unwrap();
    let open = fs::File::open(&place).unwrap();
    // What a crash left behind is in nobody's way, and nobody sees it.
    fs::write(project.at("ledger/.wharf-0.new"), "half").unwrap();
    files.write("ledger/a.csv", b"new", Writing::Replace).unwrap();
    assert_eq!(std::io::read_to_string(open).unwrap(), "a,b\n");
    assert_eq!(fs::read(&place).unwrap(), b"new");
    assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(project.names("ledger"), ["2026", "a.csv"]);
    assert!(!project.at("ledger/.wharf-1.new").exists());
}

#[test]
fn file_sizes_are_bounded() {
    let project = Project::new();
    let files = project.files();
    let place = project.at("ledger/big");
    for (size, fits) in
        [(FILE_BYTES_MAX - 1, true), (FILE_BYTES_MAX, true), (FILE_BYTES_MAX + 1, false)]
    {
        let content = vec![b'x'; size];
        let code = |result: Result<(), Error>| {
            result.map_or_else(|error| error.code() == "limit/exceeded", |()| false)
        };
        assert_eq!(code(files.write("ledger/big", &content, Writing::Replace)), !fits);
        fs::write(&place, &content).unwrap();
        assert_eq!(code(files.read("ledger/big").map(drop)), !fits);
        fs::write(&place, &content[1..]).unwrap();
        assert_eq!(code(files.write("ledger/big", b"y", Writing::Append)), !fits);
        assert_eq!(fs::metadata(&place).unwrap().len() as usize, size - usize::from(!fits));
    }
}

#[test]
fn paths_are_bounded() {
    let fits = |path: &str| !matches!(FilePath::parse(path), Err(Error::TooLarge(_)));
    let name = |bytes: usize| fits(&"n".repeat(bytes));
    let most = FILE_NAME_BYTES_MAX;
    assert_eq!([name(most - 1), name(most), name(most + 1)], [true, true, false]);

    let parts = |count: usize| fits(&vec!["n"; count].join("/"));
    let most = FILE_PATH_PARTS_MAX;
    assert_eq!([parts(most - 1), parts(most), parts(most + 1)], [true, true, false]);

    let path = |bytes: usize| {
        let names = "n".repeat(99) + "/";
        fits(&names.repeat(bytes.div_ceil(100))[..bytes])
    };
    let most = FILE_PATH_BYTES_MAX;
    assert_eq!([path(most - 1), path(most), path(most + 1)], [true, true, false]);
}

#[test]
fn listings_are_bounded() {
    let project = Project::new();
    let files = project.files();
    // `a.csv` and `2026` are there.
    for number in 0..FOLDER_ENTRIES_MAX - 3 {
        fs::File::create(project.at("ledger").join(format!("f{number}"))).unwrap();
    }
    assert_eq!(project.names("ledger").len(), FOLDER_ENTRIES_MAX - 1);
    fs::File::create(project.at("ledger/one")).unwrap();
    assert_eq!(project.names("ledger").len(), FOLDER_ENTRIES_MAX);
    fs::File::create(project.at("ledger/more")).unwrap();
    assert_eq!(files.list("ledger").unwrap_err().code(), "limit/exceeded");
}

#[test]
fn folders_are_made_with_their_parents() {
    let project = Project::new();
    let files = project.files();
    let code = |path: &str| files.create_folder(path).map_or_else(|error| error.code(), |()| "ok");
    symlink(project.place.path(), project.at("ledger/out")).unwrap();
    for (path, expected) in [
        ("ledger/2027/04/in", "ok"),
        ("ledger/2027/04/in", "ok"),
        ("ledger", "ok"),
        ("archive/2027", "grant/denied"),
        ("secret/2027", "grant/denied"),
        ("ledger/a.csv", "file/not-a-folder"),
        ("ledger/a.csv/b", "file/not-a-folder"),
        ("ledger/out", "file/outside"),
        ("ledger/out/new", "file/outside"),
        ("ledger/../new", "file/bad-path"),
    ] {
        assert_eq!(code(path), expected, "{path}");
    }
    files.write("ledger/2027/04/in/a.csv", b"1\n", Writing::Create).unwrap();
    assert_eq!(project.names("ledger/2027/04"), ["in"]);
    assert!(!project.place.path().join("new").exists());
}
