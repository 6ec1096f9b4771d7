//! Lays the library out as a C library is: header, shared and static library, pkg-config and CMake.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::header;
use super::library::{Library, copy, soname};
use crate::project::{Project, run};

/// Builds the library and installs it below a folder.
pub(crate) fn install(project: &Project, prefix: &Path) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err(
            "install-c knows how Linux lays a library out; elsewhere use `cargo cinstall` of cargo-c".to_owned()
        );
    }
    header::update(project.root(), project.version(), false)?;
    let library = Library::release(project)?;
    let version = project.version();
    let (include, lib) = (prefix.join("include"), prefix.join("lib"));
    for folder in [&include, &lib.join("pkgconfig"), &lib.join("cmake/retriage")] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    copy(&header::path(project.root()), &include.join("retriage.h"))?;

    let file = format!("libretriage.so.{version}");
    let shared = lib.join(&file);
    copy(&library.folder().join("libretriage.so"), &shared)?;
    run(Command::new("strip").arg("--strip-unneeded").arg(&shared))?;
    let soname = soname(&shared)?.to_string_lossy().into_owned();
    for name in [soname.as_str(), "libretriage.so"] {
        let link = lib.join(name);
        let _ = fs::remove_file(&link);
        symlink(&file, &link).map_err(|error| format!("{}: {error}", link.display()))?;
    }
    own_symbols_only(&library.folder().join("libretriage.a"), &lib.join("libretriage.a"))?;

    let series = soname.trim_start_matches("libretriage.so.").to_owned();
    let templates = project.root().join("bindings/c/install");
    for (template, to) in [
        ("retriage.pc.in", lib.join("pkgconfig/retriage.pc")),
        ("retriage-config.cmake.in", lib.join("cmake/retriage/retriage-config.cmake")),
        ("retriage-config-version.cmake.in", lib.join("cmake/retriage/retriage-config-version.cmake")),
    ] {
        let from = templates.join(template);
        let text = fs::read_to_string(&from).map_err(|error| format!("{}: {error}", from.display()))?;
        let text = [("VERSION", version), ("FILE", &file), ("SONAME", &soname), ("SERIES", &series)]
            .iter()
            .fold(text, |text, (name, value)| text.replace(&format!("@{name}@"), value));
        fs::write(&to, text).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}

/// A static library in which nothing but ours can be seen from outside: as rustc leaves it, a program that links two
/// libraries of Rust finds the standard library twice.
fn own_symbols_only(from: &Path, to: &Path) -> Result<(), String> {
    let object = to.with_extension("o");
    run(Command::new("ld")
        .arg("-r")
        .arg("--whole-archive")
        .arg(from)
        .arg("--no-whole-archive")
        .arg("-o")
        .arg(&object))?;
    let mut command = Command::new("objcopy");
    command.args(["--wildcard", "--keep-global-symbol=retriage_*", "--strip-debug"]);
    // The standard library brings the code it was compiled from, which nobody here reads.
    run(command.args(["--remove-section=.llvmbc", "--remove-section=.llvmcmd"]).arg(&object))?;
    let _ = fs::remove_file(to);
    run(Command::new("ar").arg("rcs").arg(to).arg(&object))?;
    fs::remove_file(&object).map_err(|error| format!("{}: {error}", object.display()))
}
