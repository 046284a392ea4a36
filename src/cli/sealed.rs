//! What patrons' data in memory is kept from: no core file is ever written of this process, and no other process of the
//! same user may look into it. Commands that it starts write no core files either.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Before anything is read.
pub fn seal() -> Result<(), String> {
    let cant = |what: &str, error: rustix::io::Errno| format!("{what}: {error}. Nothing was read");
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })
        .map_err(|error| cant("core files can't be turned off", error))?;
    // Systems that hand a core file to a program don't ask that limit.
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
        .map_err(|error| cant("this process can't be closed to others", error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rustix::process::{Resource, getrlimit};

    #[test]
    fn a_sealed_process_leaves_no_core_file() {
        super::seal().unwrap();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
        #[cfg(target_os = "linux")]
        assert_eq!(rustix::process::dumpable_behavior().unwrap(), rustix::process::DumpableBehavior::NotDumpable);
    }
}
