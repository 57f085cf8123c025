//! How deep a component nests, found out before anything recurs over it.
//!
//! Whoever reads types of components recurs into types within types, and whoever validates keeps
//! the state of all components around the one at hand. A few bytes ask for each level, so a file
//! of megabytes would take the stack, or all memory.

use wasmparser::{
    BinaryReader, ComponentImport, ComponentType, FromReader, InstanceTypeDeclaration, Payload,
};

use super::binary::damaged;
use super::limits::{EXTERNS_MAX, NESTED_LEVELS_MAX};
use crate::error::Error;

/// What stands before the declarations of a component type, and of an instance type.
const COMPONENT_TYPE: u8 = 0x41;
const INSTANCE_TYPE: u8 = 0x42;
/// What stands before a declaration that is a type, and before an import.
const TYPE: u8 = 0x01;
const IMPORT: u8 = 0x03;

/// Follows the payloads of a component, from its beginning.
#[derive(Default)]
pub(super) struct Nesting {
    levels: usize,
    externs: usize,
}

impl Nesting {
    /// An error if the component with this payload nests too deep.
    pub(super) fn enter(&mut self, payload: &Payload<'_>, bytes: &[u8]) -> Result<(), Error> {
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                self.levels += 1;
                within_levels(self.levels)
            }
            Payload::End(_) => {
                self.levels = self.levels.saturating_sub(1);
                Ok(())
            }
            Payload::ComponentImportSection(section) => self.count(section.count()),
            Payload::ComponentExportSection(section) => self.count(section.count()),
            Payload::ComponentTypeSection(section) => {
                let range = section.range();
                let mut reader = BinaryReader::new(&bytes[range.clone()], range.start);
                let count = reader.read_var_u32().map_err(|error| damaged(&error))?;
                (0..count).try_for_each(|_| pass_type(&mut reader, self.levels))
            }
            _ => Ok(()),
        }
    }

    /// Counts what the outermost component imports and exports.
    fn count(&mut self, externs: u32) -> Result<(), Error> {
        if self.levels > 0 {
            return Ok(());
        }
        self.externs += externs as usize;
        Error::limit("component-externs", self.externs, EXTERNS_MAX)
    }
}

fn within_levels(levels: usize) -> Result<(), Error> {
    Error::limit("component-levels", levels, NESTED_LEVELS_MAX)
}

/// Reads over one type, with `levels` around it.
fn pass_type(reader: &mut BinaryReader<'_>, levels: usize) -> Result<(), Error> {
    let first = reader.clone().read_u8().map_err(|error| damaged(&error))?;
    if !matches!(first, COMPONENT_TYPE | INSTANCE_TYPE) {
        return pass::<ComponentType<'_>>(reader);
    }
    within_levels(levels + 1)?;
    let count = reader.read_u8().and_then(|_| reader.read_var_u32());
    let count = count.map_err(|error| damaged(&error))?;
    (0..count).try_for_each(|_| pass_declaration(reader, levels + 1))
}

fn pass_declaration(reader: &mut BinaryReader<'_>, levels: usize) -> Result<(), Error> {
    let mut ahead = reader.clone();
    match ahead.read_u8().map_err(|error| damaged(&error))? {
        TYPE => {
            *reader = ahead;
            pass_type(reader, levels)
        }
        IMPORT => {
            *reader = ahead;
            pass::<ComponentImport<'_>>(reader)
        }
        _ => pass::<InstanceTypeDeclaration<'_>>(reader),
    }
}

/// Reads over what holds no types.
fn pass<'b, T: FromReader<'b>>(reader: &mut BinaryReader<'b>) -> Result<(), Error> {
    reader.read::<T>().map(drop).map_err(|error| damaged(&error))
}
