//! One build script for all task crates (`build = "../build.rs"`): a small stack.
//!
//! A guest with a 64 KiB stack starts in two pages of memory instead of seventeen, which the sandbox
//! resets without a system call. The flag is given here and not in `.cargo/config.toml`, because
//! there any `RUSTFLAGS` in the environment silently takes it away.

/// Bytes of a task's stack. The SDK refuses inputs that are nested so deep that reading them would
/// need more.
const STACK_BYTES: u32 = 64 * 1024;

fn main() {
    println!("cargo::rerun-if-changed=../build.rs");
    let family = std::env::var("CARGO_CFG_TARGET_FAMILY").unwrap_or_default();
    if family.split(',').any(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size={STACK_BYTES}");
    }
}
