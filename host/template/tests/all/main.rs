//! Tests of the crate from outside, a file per topic.

extern crate stepwell_template as template;

#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod shipped;
