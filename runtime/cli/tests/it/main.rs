//! The command as its users meet it: a process with arguments, two outputs and an exit code.

mod bad_input;
mod disks;
mod expressions;
mod far_times;
mod flows;
mod garbage;
mod guide;
mod hints;
mod imports;
mod invoices;
mod ownership;
mod pages;
mod place;
mod plugins;
mod racing;
mod scripts;
mod steps;
mod transcripts;
