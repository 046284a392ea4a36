//! The release from texts to files.
