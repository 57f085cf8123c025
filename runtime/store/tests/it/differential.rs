//! Random games against the naive store. `WHARF_GAMES` and `WHARF_GAME_MOVES` make them more and
//! longer, `WHARF_GAME_SEED` says where the seeds begin.

use model::{Error, Pending, Reply, Request, Store};
use store::{Options, Sqlite};
use support::{Game, Place, knob};

use crate::conformance::{open_alone, open_with_readers};
use crate::power::{disk::Plugged, platter::Platter, vfs};

/// A store on a disk in memory, which asks no real one for thousands of syncs.
struct InMemory {
    // Closed before the disk is unplugged.
    store: Sqlite,
    _disk: Plugged,
}

impl Store for InMemory {
    fn send(&self, request: Request) -> Pending<Reply> {
        self.store.send(request)
    }
}

fn open_in_memory(place: &Place) -> Result<Box<dyn Store>, Error> {
    let disk = Plugged::new(Platter::default());
    let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
    let mut options = Options::new(&disk.folder, clock, entropy);
    options.vfs = Some(vfs::register());
    (options.readers, options.background) = (0, false);
    Ok(Box::new(InMemory { store: store::open(options)?, _disk: disk }))
}

#[test]
fn store_and_naive_one_answer_alike() {
    let (games, moves) = (knob("WHARF_GAMES", 2_000), knob("WHARF_GAME_MOVES", 40) as usize);
    let first = knob("WHARF_GAME_SEED", 0);
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for seed in (first..first + games).filter(|seed| seed % 2 == half) {
                    Game::play(open_in_memory, seed, moves, false);
                }
            });
        }
    });
}

#[test]
fn reopened_stores_answer_alike() {
    for seed in 0..knob("WHARF_GAMES", 2_000) / 100 {
        Game::play(open_alone, seed, 60, true);
        Game::play(open_with_readers, seed, 60, true);
    }
}
