//! What parent and child tell each other: the words of the command line, and the answer in a file.

use std::ffi::OsString;
use std::path::PathBuf;

use super::bounds::Bounds;
use super::{Artifact, Exports};
use crate::fault::Fault;

/// How a child ends that has said why in its output.
pub(super) const DONE: u8 = 0;
pub(super) const INVALID: u8 = 65;
pub(super) const FAILED: u8 = 70;

/// Compile this file into that one, within these bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) input: PathBuf,
    pub(super) output: PathBuf,
    pub(super) bounds: Bounds,
}

impl Job {
    pub(super) fn to_arguments(&self) -> [OsString; 4] {
        [
            self.input.clone().into_os_string(),
            self.output.clone().into_os_string(),
            self.bounds.memory_bytes.to_string().into(),
            self.bounds.cpu_seconds.to_string().into(),
        ]
    }

    pub(super) fn from_arguments(arguments: &[OsString]) -> Option<Self> {
        let [input, output, memory, cpu] = arguments else { return None };
        let number = |text: &OsString| text.to_str()?.parse().ok();
        let bounds = Bounds { memory_bytes: number(memory)?, cpu_seconds: number(cpu)? };
        Some(Self { input: input.into(), output: output.into(), bounds })
    }
}

/// The output of a child that is done: which engine the code is for, and the code.
pub(super) fn pack(artifact: &Artifact) -> Vec<u8> {
    let mut bytes = vec![artifact.exports() as u8];
    bytes.extend_from_slice(artifact.bytes());
    bytes
}

pub(super) fn unpack(mut bytes: Vec<u8>) -> Result<Artifact, Fault> {
    let exports = bytes.first().copied().and_then(Exports::from_byte);
    let exports = exports.ok_or(Fault::Compiler { detail: "it wrote no code".into() })?;
    bytes.remove(0);
    Ok(Artifact::vouched(exports, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_survive_the_command_line() {
        let bounds = Bounds { memory_bytes: 1 << 31, cpu_seconds: 60 };
        let job = Job { input: "a b".into(), output: "c".into(), bounds };
        assert_eq!(Job::from_arguments(&job.to_arguments()), Some(job.clone()));
        assert_eq!(Job::from_arguments(&job.to_arguments()[1..]), None);
        let mut wrong = job.to_arguments();
        wrong[3] = "many".into();
        assert_eq!(Job::from_arguments(&wrong), None);
    }

    #[test]
    fn artifacts_survive_the_file() {
        for exports in [Exports::Sync, Exports::Async] {
            let unpacked = unpack(pack(&Artifact::vouched(exports, vec![1, 2, 3]))).unwrap();
            assert_eq!((unpacked.exports(), unpacked.bytes()), (exports, &[1, 2, 3][..]));
        }
        assert!(unpack(vec![]).is_err());
        assert!(unpack(vec![2, 1]).is_err());
    }
}
