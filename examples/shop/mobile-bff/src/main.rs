//! Shop, for the phone. This file is yours: it is written once and never overwritten.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    bff_runtime::main(mobile_bff::router, mobile_bff::UPSTREAMS)
}
