//! A generated client against real sockets.

mod golden;
