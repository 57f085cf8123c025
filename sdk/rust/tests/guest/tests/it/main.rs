//! Steps of a plugin, called as the functions that they are.

mod desk;
mod ledger;
mod queues;
mod shapes;
