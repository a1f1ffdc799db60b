//! Shop, for the web app. This file is yours: it is written once and never overwritten.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    bff_runtime::main(|runtime| web_bff::router(runtime, web_bff::hooks::AppHooks), web_bff::UPSTREAMS)
}
