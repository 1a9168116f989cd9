//! JSONPath, reference paths, intrinsic functions and payload templates.

mod data;

pub use data::Data;
