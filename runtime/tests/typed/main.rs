//! A generated client against real sockets: what it sends, what it makes of what comes back.

mod answers;
mod golden;
mod requests;
mod server;
