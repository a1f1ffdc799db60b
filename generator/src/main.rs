//! The command line of `bffgen`.

fn main() {}
