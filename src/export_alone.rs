//! The room `export` with what it may use below it and nothing else: the crate that the fuzz targets link. The whole
//! program would bring Polars along.

#![allow(dead_code, unused_imports)]

pub mod export;
mod words;
