//! The cache: what it finds again, and what it never loads.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::SystemTime;

use host::{Cache, CacheOptions, Cached, Fault, Limits, Origin, Spoilt};
use model::SeededEntropy;
use tempfile::TempDir;
use wasmtime::component::Val;

use crate::bed::{run, sandbox};
use crate::compiling::compiler;

fn options(dir: &Path) -> CacheOptions {
    let entropy = Arc::new(SeededEntropy::new(seed_of(dir)));
    CacheOptions { dir: dir.to_owned(), bytes_max: 64 * 1024 * 1024, entropy }
}

/// Another place, another key.
fn seed_of(dir: &Path) -> u64 {
    let hash = blake3::hash(dir.as_os_str().as_encoded_bytes());
    u64::from_le_bytes(*hash.as_bytes().first_chunk().unwrap())
}

/// A component whose `run` returns this number.
fn returning(number: u32) -> Vec<u8> {
    let text = format!(
        r#"(component
            (core module $m (func (export "run") (result i32) (i32.const {number})))
            (core instance $i (instantiate $m))
            (func (export "run") (result u32) (canon lift (core func $i "run"))))"#
    );
    wat::parse_str(text).unwrap()
}

fn find(cache: &Cache, component: &[u8]) -> Result<Cached, Fault> {
    cache.find(component, sandbox().fingerprint(), &compiler(), &mut |_| {})
}

/// Finds `returning(1)`, checks that it is what runs, and says where it came from.
fn origin(cache: &Cache) -> Origin {
    let found = find(cache, &returning(1)).unwrap();
    let plugin = sandbox().load(&found.artifact).unwrap();
    assert_eq!(run(&plugin, Limits::default()).done.result, Ok(vec![Val::U32(1)]));
    found.origin
}

fn artifacts(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "artifact")).collect()
}

/// A cache with the code of `returning(1)` in it, and the file that holds it.
fn filled() -> (TempDir, Cache, PathBuf) {
    let place = TempDir::new().unwrap();
    let cache = Cache::open(options(&place.path().join("cache"))).unwrap();
    assert_eq!(origin(&cache), Origin::Compiled);
    let file = artifacts(cache.path()).pop().unwrap();
    (place, cache, file)
}

#[test]
fn finds_again_what_it_compiled() {
    let (_place, cache, file) = filled();
    assert_eq!(origin(&cache), Origin::Cache);
    let again = Cache::open(options(cache.path())).unwrap();
    assert_eq!(origin(&again), Origin::Cache);
    assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 2, "the code and the key");
    for path in [file, cache.path().join("key")] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::metadata(cache.path()).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn what_was_changed_is_compiled_anew() {
    let (place, cache, file) = filled();
    let good = fs::read(&file).unwrap();
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let other = {
        let there = Cache::open(options(&place.path().join("other"))).unwrap();
        assert_eq!(origin(&there), Origin::Compiled);
        fs::read(artifacts(there.path()).pop().unwrap()).unwrap()
    };
    find(&cache, &returning(2)).unwrap();
    let renamed = artifacts(cache.path()).into_iter().find(|path| *path != file).unwrap();
    let renamed = fs::read(renamed).unwrap();
    for (what, bytes, spoilt) in [
        ("emptied", Vec::new(), Spoilt::Format),
        ("foreign", b"#!/bin/sh\necho hello\n".repeat(9), Spoilt::Format),
        ("other format", flipped(0), Spoilt::Format),
        ("other engine", flipped(16), Spoilt::Seal),
        ("broken seal", flipped(20), Spoilt::Seal),
        ("flipped in the middle", flipped(good.len() / 2), Spoilt::Seal),
        ("flipped at the end", flipped(good.len() - 1), Spoilt::Seal),
        ("truncated", good[..good.len() - 1].to_vec(), Spoilt::Seal),
        ("lengthened", [&good[..], b"x"].concat(), Spoilt::Seal),
        ("from a cache with another key", other, Spoilt::Seal),
        ("from another component", renamed, Spoilt::Seal),
    ] {
        fs::write(&file, bytes).unwrap();
        assert_eq!(origin(&cache), Origin::Replaced(spoilt), "{what}");
        assert_eq!(origin(&cache), Origin::Cache, "{what}");
    }
}

#[test]
fn links_and_open_files_are_not_read() {
    let (place, cache, file) = filled();
    let aside = place.path().join("aside");
    fs::copy(&file, &aside).unwrap();
    fs::remove_file(&file).unwrap();
    symlink(&aside, &file).unwrap();
    assert_eq!(origin(&cache), Origin::Replaced(Spoilt::NotAFile));
    assert!(aside.exists() && fs::symlink_metadata(&file).unwrap().is_file());
    fs::set_permissions(&file, Permissions::from_mode(0o620)).unwrap();
    assert_eq!(origin(&cache), Origin::Replaced(Spoilt::Open));
    fs::remove_file(&file).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &file,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    assert_eq!(origin(&cache), Origin::Replaced(Spoilt::NotAFile));
    assert_eq!(origin(&cache), Origin::Cache);
}

#[test]
fn what_cannot_be_replaced_is_told() {
    let (_place, cache, file) = filled();
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let fault = find(&cache, &returning(1)).unwrap_err();
    assert_eq!(fault.code(), "cache/io");
    assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 2, "no draft is left");
}

#[test]
fn caches_that_others_can_enter_are_refused() {
    let place = TempDir::new().unwrap();
    let dir = place.path().join("cache");
    Cache::open(options(&dir)).unwrap();
    for mode in [0o770, 0o707, 0o702, 0o720, 0o750] {
        fs::set_permissions(&dir, Permissions::from_mode(mode)).unwrap();
        let fault = Cache::open(options(&dir)).unwrap_err();
        assert_eq!(fault.code(), "cache/unsafe-place", "{mode:o}");
        assert!(fault.hint().contains("chmod 700"), "{}", fault.hint());
    }
    fs::set_permissions(&dir, Permissions::from_mode(0o700)).unwrap();
    let link = place.path().join("link");
    symlink(&dir, &link).unwrap();
    assert_eq!(Cache::open(options(&link)).unwrap_err().code(), "cache/unsafe-place");
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(Cache::open(options(&file)).unwrap_err().code(), "cache/unsafe-place");
    let nowhere = place.path().join("no/cache");
    assert_eq!(Cache::open(options(&nowhere)).unwrap_err().code(), "cache/io");
}

#[test]
fn keys_that_others_could_know_are_replaced() {
    let (_place, cache, _) = filled();
    let key = cache.path().join("key");
    let known = fs::read(&key).unwrap();
    let open = CacheOptions { entropy: Arc::new(SeededEntropy::new(1)), ..options(cache.path()) };
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let again = Cache::open(open).unwrap();
    assert_ne!(fs::read(&key).unwrap(), known);
    assert_eq!(origin(&again), Origin::Replaced(Spoilt::Seal));
    fs::write(&key, "short").unwrap();
    let again = Cache::open(options(cache.path())).unwrap();
    assert_eq!(fs::read(&key).unwrap().len(), 32);
    assert_eq!(origin(&again), Origin::Replaced(Spoilt::Seal));
}

/// Makes a file one that was last used long ago.
fn age(path: &Path) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
}

#[test]
fn the_oldest_make_room() {
    let (_place, cache, file) = filled();
    let size = fs::metadata(&file).unwrap().len();
    let room = |files: u64| {
        let bytes_max = size * files + 32;
        Cache::open(CacheOptions { bytes_max, ..options(cache.path()) }).unwrap()
    };
    find(&room(2), &returning(2)).unwrap();
    assert_eq!(artifacts(cache.path()).len(), 2);
    for path in artifacts(cache.path()) {
        age(&path);
    }
    // The first is used again, so the second is the oldest now.
    assert_eq!(origin(&cache), Origin::Cache);
    find(&room(2), &returning(3)).unwrap();
    assert_eq!(artifacts(cache.path()).len(), 2);
    assert_eq!(origin(&cache), Origin::Cache);
    assert_eq!(find(&cache, &returning(2)).unwrap().origin, Origin::Compiled);
    find(&room(0), &returning(4)).unwrap();
    assert_eq!(artifacts(cache.path()).len(), 1, "the newest stays, however large");
}

#[test]
fn two_at_a_time_do_not_disturb_each_other() {
    let place = TempDir::new().unwrap();
    let dir = place.path().join("cache");
    thread::scope(|scope| {
        for seed in 0..4 {
            let dir = &dir;
            scope.spawn(move || {
                let entropy = Arc::new(SeededEntropy::new(seed));
                let cache = Cache::open(CacheOptions { entropy, ..options(dir) }).unwrap();
                for _ in 0..3 {
                    let origin = origin(&cache);
                    assert!([Origin::Compiled, Origin::Cache].contains(&origin), "{origin:?}");
                }
            });
        }
    });
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 2);
}

#[test]
fn fingerprints_are_the_same_each_time() {
    assert_eq!(sandbox().fingerprint(), sandbox().fingerprint());
}
