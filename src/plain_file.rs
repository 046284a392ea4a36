//! Opening files without ever waiting for them. A FIFO that stands in a file's place would hang whoever opens it, and a device or
//! a socket may do worse: each is an error at once, in words, and so is a folder.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

/// Opens a file to read it.
pub fn open(path: &Path) -> io::Result<File> {
    open_with(path, OpenOptions::new().read(true))
}

/// The same, otherwise than to read.
pub fn open_with(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    // To open a device may do something already.
    if let Ok(found) = fs::metadata(path) {
        check(found.file_type())?;
    }
    let file = options.custom_flags(never_wait()).open(path)?;
    // Another may stand there meanwhile.
    check(file.metadata()?.file_type())?;
    Ok(file)
}

/// All bytes of a file.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    let expected = file.metadata().map_or(0, |found| found.len());
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0).saturating_add(1));
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// All of a file, as text.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it isn't valid UTF-8"))
}

/// Why something can't be read as a file; none: it is one.
pub fn not_a_file(found: FileType) -> Option<&'static str> {
    if found.is_file() {
        return None;
    }
    Some(if found.is_fifo() {
        "this is no file but a FIFO: whoever opens it waits, perhaps for ever. Put the file itself there"
    } else if found.is_dir() {
        "this is no file but a folder. Put the file itself there"
    } else if found.is_socket() {
        "this is no file but a socket. Put the file itself there"
    } else {
        "this is no file but a device. Put the file itself there"
    })
}

fn check(found: FileType) -> io::Result<()> {
    not_a_file(found).map_or(Ok(()), |why| Err(io::Error::other(why)))
}

/// The flag that lets an open of a FIFO return. Of files it changes nothing.
fn never_wait() -> i32 {
    rustix::fs::OFlags::NONBLOCK.bits().cast_signed()
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn what_is_no_file_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "text").unwrap();
        fs::create_dir(at("folder")).unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(at("fifo")).status().unwrap();
        assert!(made.success());
        std::os::unix::fs::symlink(at("fifo"), at("link")).unwrap();
        std::os::unix::fs::symlink(at("file"), at("plain link")).unwrap();
        assert_eq!(read_to_string(&at("file")).unwrap(), "text");
        assert_eq!(read_to_string(&at("plain link")).unwrap(), "text");
        let mut write = OpenOptions::new();
        write.write(true).create(true);
        for (name, what) in [("fifo", "FIFO"), ("folder", "folder"), ("socket", "socket"), ("link", "FIFO")] {
            for error in [open(&at(name)).err(), open_with(&at(name), &mut write).err()] {
                assert!(error.unwrap().to_string().contains(&format!("no file but a {what}")), "{name}");
            }
        }
        let error = open(Path::new("/dev/null")).unwrap_err();
        assert!(error.to_string().contains("no file but a device"), "{error}");
        assert_eq!(open(&at("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
        fs::write(at("latin"), b"caf\xe9").unwrap();
        assert!(read_to_string(&at("latin")).unwrap_err().to_string().contains("UTF-8"));
    }
}
