//! In which encoding a file is written.

use encoding_rs::Encoding;

/// UTF-8 wherever it can be; UTF-16 by its mark or its zeros. Anything else is one of many that can't be told apart.
pub(super) fn encoding(bytes: &[u8], doubts: &mut Vec<String>) -> Option<&'static Encoding> {
    if let Some((marked, _)) = Encoding::for_bom(bytes) {
        return (marked != encoding_rs::UTF_8).then_some(marked);
    }
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).take(2_000).filter(|byte| **byte == 0).count();
    let pairs = (bytes.len() / 2).min(2_000);
    if pairs > 4 && zeros(1) * 2 > pairs {
        return Some(encoding_rs::UTF_16LE);
    }
    if pairs > 4 && zeros(0) * 2 > pairs {
        return Some(encoding_rs::UTF_16BE);
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => None,
        // Cut within a character.
        Err(error) if error.error_len().is_none() => None,
        // A few lines that something else wrote: read as UTF-8 they are rejected, which is seen.
        Err(_) if names(bytes).is_ok() && strangers(bytes) * 20 < bytes.split(|byte| *byte == b'\n').count() => {
            doubts.push("a few lines are not UTF-8, as the others are: they will be rejected".into());
            None
        }
        Err(_) => {
            doubts.push(
                "the encoding is not UTF-8: windows-1252 is assumed, the usual one in Western Europe and America; ask who \
                 made the export"
                    .into(),
            );
            Some(encoding_rs::WINDOWS_1252)
        }
    }
}

/// The first line, which may be the names of the columns: they are read, or nothing is.
fn names(bytes: &[u8]) -> Result<&str, std::str::Utf8Error> {
    std::str::from_utf8(bytes.split(|byte| *byte == b'\n').next().unwrap_or_default())
}

/// How many lines are not UTF-8.
fn strangers(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').filter(|line| std::str::from_utf8(line).is_err()).count()
}
