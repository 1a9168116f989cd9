//! Reads a component's outline without compiling it: what it imports and
//! exports, and how much memory it starts with.
//!
//! The one idea: a component that will be refused costs a parse, not a compile.

use wasmtime::wasmparser::{Encoding, Parser, Payload};

/// What a component says about itself. Not validated: the compiler does that.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// Names of top-level imports, in order.
    pub(crate) imports: Vec<String>,
    /// Names of top-level exports, in order.
    pub(crate) exports: Vec<String>,
    /// The largest initial size of a memory in any core module inside.
    pub(crate) initial_memory_bytes: u64,
}

/// Why there is no outline.
#[derive(Debug)]
pub(crate) enum NotAComponent {
    /// It is a core module.
    CoreModule,
    /// It does not parse.
    Malformed(String),
}

/// Reads the outline of `bytes`. Total: any bytes give an answer.
pub(crate) fn scan(bytes: &[u8]) -> Result<Scan, NotAComponent> {
    let mut scan = Scan::default();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(malformed)?;
        match payload {
            Payload::Version { encoding, .. } => {
                if depth == 0 && encoding == Encoding::Module {
                    return Err(NotAComponent::CoreModule);
                }
                depth += 1;
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 1 => {
                for import in imports {
                    scan.imports
                        .push(import.map_err(malformed)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(exports) if depth == 1 => {
                for export in exports {
                    scan.exports
                        .push(export.map_err(malformed)?.name.name.to_owned());
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    let pages = memory.map_err(malformed)?.initial;
                    let bytes = pages.saturating_mul(PAGE_BYTES);
                    scan.initial_memory_bytes = scan.initial_memory_bytes.max(bytes);
                }
            }
            _ => {}
        }
    }
    Ok(scan)
}

/// Custom page sizes are not enabled, so this is the only one.
const PAGE_BYTES: u64 = 64 * 1024;

fn malformed(error: wasmtime::wasmparser::BinaryReaderError) -> NotAComponent {
    NotAComponent::Malformed(error.to_string())
}
