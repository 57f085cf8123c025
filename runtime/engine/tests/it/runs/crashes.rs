//! Runs that lose their driver at every write, and go on.

use engine::machine::Outcome;

use super::flows::{INGEST, INVOICES, MIXED, PROCESS};
use super::stage::Stage;

/// Loses the driver at each write in turn, resumes, and compares with a run that nothing happened
/// to.
fn check(text: &str, prepare: impl Fn(&Stage), told: impl Fn(&Stage) -> Vec<String>) {
    let undisturbed = Stage::new(text);
    prepare(&undisturbed);
    let (outcome, _) = undisturbed.start("{}");
    let (outcome, expected) = (outcome, told(&undisturbed));
    for made in [false, true] {
        for writes in 1.. {
            let stage = Stage::new(text);
            prepare(&stage);
            let id = stage.run_id();
            let mut ended = stage.start_and_lose(id, "{}", writes, made);
            let lost = ended.is_err();
            if lost {
                stage.ground.pass(120);
                ended = match stage.resume(id) {
                    Ok(outcome) => Ok(outcome),
                    // It had not begun, or it was over already.
                    Err(error) => Ok(again(&stage, id, &error.to_string())),
                };
            }
            assert_eq!(same(&ended.unwrap()), same(&outcome), "{writes} writes, made: {made}");
            assert_eq!(told(&stage), expected, "{writes} writes, made: {made}");
            if !lost {
                assert!(writes > 5, "it was never lost");
                break;
            }
        }
    }
}

/// A run that cannot be resumed had not begun, or is over.
fn again(stage: &Stage, id: model::Id, why: &str) -> Outcome {
    match stage.ground.store().run(id) {
        Ok(run) => match run.end {
            Some(model::run::End::Succeeded { outputs }) => {
                Outcome::Succeeded(model::json::parse(&outputs).unwrap())
            }
            other => panic!("{why}: {other:?}"),
        },
        Err(_) => stage.start("{}").0,
    }
}

/// Outcomes without what may differ: ids, and counts of claims.
fn same(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Succeeded(outputs) => match outputs.get("done") {
            Some(done) => {
                format!("{} {}", done.get("processed").unwrap(), done.get("failed").unwrap())
            }
            None => outputs.to_string(),
        },
        other => format!("{other:?}"),
    }
}

#[test]
fn ingesting_survives_the_loss_of_its_driver_at_every_write() {
    check(INGEST, |stage| stage.file("invoices.csv", INVOICES), |stage| stage.queue("orders"));
}

#[test]
fn processing_survives_the_loss_of_its_driver_at_every_write() {
    let prepare = |stage: &Stage| {
        for (reference, amount) in [("I-1", "1253.78"), ("I-2", "5000"), ("I-3", "4999.99")] {
            let mut new = stage.ground.new_item("orders", Some(reference));
            new.value = format!(r#"{{"ID":"{reference}","Amount":"{amount}"}}"#);
            stage.ground.store().make(model::Change::Add(Box::new(new))).unwrap();
        }
    };
    let told = |stage: &Stage| {
        let mut all = stage.queue("orders");
        all.extend(stage.queue("problems"));
        all
    };
    check(PROCESS, prepare, told);
}

#[test]
fn strands_and_called_flows_survive_the_loss_of_their_driver_at_every_write() {
    let told = |stage: &Stage| {
        let mut all = stage.queue("orders");
        all.extend(stage.queue("problems"));
        all.sort();
        all.push(stage.written("out.txt"));
        all
    };
    check(MIXED, |_| {}, told);
}
