//! What the programs of the benchmark share: the canned bodies, the scenarios and the settings.

pub mod bodies;
pub mod race;
pub mod scenarios;
pub mod settings;
mod words;
