//! The binary: arguments in, an exit code out. Everything else is the library's.

use std::process::ExitCode;

/// The system's allocator gives memory back late and faults it in page by page; this one costs a quarter less.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    afterloan::cli::main()
}
