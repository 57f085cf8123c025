//! What the way over the socket costs. Run with `--nocapture --release` to see figures worth
//! reading.

use std::time::Duration;

use model::{Pending, Reply, Store};

use crate::support::{Place, note};

#[test]
fn the_socket_costs_little() {
    const TRIPS: u32 = 2_000;
    const COMMITS: u32 = 20_000;
    let place = Place::new();
    let (owner, client) = place.pair();
    let trips = place.time(|| {
        for _ in 0..TRIPS {
            client.send(note("there and back")).wait().unwrap();
        }
    });
    let pipelined = place.time(|| {
        let pending: Vec<Pending<Reply>> = (0..COMMITS).map(|_| client.send(note("x"))).collect();
        assert!(pending.into_iter().all(|pending| pending.wait().is_ok()));
    });
    let visits = place.time(|| {
        for _ in 0..100 {
            place.access().send(note("a short visit")).wait().unwrap();
        }
    });
    println!("round trip {:?}", trips / TRIPS);
    println!("pipelined {:.0} requests/s", f64::from(COMMITS) / pipelined.as_secs_f64());
    println!("connect, ask once, leave {:?}", visits / 100);
    assert!(trips / TRIPS < Duration::from_millis(20), "{trips:?}");
    assert!(pipelined < Duration::from_secs(20), "{pipelined:?}");
    drop((client, owner));
}
