//! The library as it is built, and how a program is linked with it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::read;
use crate::project::{Project, run};

/// A built library: a folder that holds it, shared or static.
pub(crate) struct Library {
    name: &'static str,
    folder: PathBuf,
    is_static: bool,
}

impl Library {
    /// The library with the checks of a debug build.
    pub(crate) fn debug(project: &Project) -> Result<Self, String> {
        project.cargo(&["build", "--package", "retriage-c"])?;
        Self::kept(project, "debug", "debug")
    }

    /// The library as it is installed.
    pub(crate) fn release(project: &Project) -> Result<Self, String> {
        project.cargo(&["build", "--package", "retriage-c", "--release"])?;
        Self::kept(project, "release", "release")
    }

    /// The library with structs that have grown by a field: see bindings/c/src/sized.rs.
    pub(crate) fn grown(project: &Project) -> Result<Self, String> {
        project.cargo(&["rustc", "--package", "retriage-c", "--lib", "--", "--cfg", "retriage_grown"])?;
        Self::kept(project, "debug", "grown")
    }

    /// The static library and the standard library with the marks of ThreadSanitizer, and that itself: what a program
    /// is linked with. To build the standard library is not stable yet, so a stable compiler has to be told that this
    /// is meant.
    pub(crate) fn watched(project: &Project) -> Result<Vec<OsString>, String> {
        let host = read(Command::new("rustc").args(["--print", "host-tuple"]))?;
        let host = host.trim();
        let target = project.target().join("c").join("watched");
        let mut build = project.command(&["build", "--package", "retriage-c", "-Zbuild-std", "--target", host]);
        build.arg("--target-dir").arg(&target).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zsanitizer=thread");
        run(&mut build)?;
        let libraries = read(Command::new("rustc").args(["--print", "target-libdir"]))?;
        let is_sanitizer = |path: &PathBuf| path.to_string_lossy().ends_with("rt.tsan.a");
        let mut files = fs::read_dir(libraries.trim()).map_err(|error| format!("{libraries}: {error}"))?;
        let sanitizer = files.find_map(|file| Some(file.ok()?.path()).filter(is_sanitizer));
        let sanitizer = sanitizer.ok_or("rustc brings no ThreadSanitizer for this machine")?;
        Ok(vec![
            target.join(host).join("debug/libretriage.a").into(),
            "-Wl,--whole-archive".into(),
            sanitizer.into(),
            "-Wl,--no-whole-archive".into(),
        ])
    }

    /// Takes a copy of what was built, under the names that programs look for.
    fn kept(project: &Project, profile: &str, name: &'static str) -> Result<Self, String> {
        let folder = project.target().join("c").join(name);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for file in ["libretriage.so", "libretriage.a"] {
            copy(&project.target().join(profile).join(file), &folder.join(file))?;
        }
        let soname = soname(&folder.join("libretriage.so"))?;
        copy(&folder.join("libretriage.so"), &folder.join(soname))?;
        Ok(Self { name, folder, is_static: false })
    }

    /// The same, linked statically.
    pub(crate) fn statically(&self) -> Self {
        Self { name: "static", folder: self.folder.clone(), is_static: true }
    }

    /// What names of programs say of it.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The folder it is in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Links a program with it.
    pub(crate) fn link(&self, command: &mut Command) {
        if self.is_static {
            command.arg(self.folder.join("libretriage.a")).args(["-lpthread", "-ldl", "-lm"]);
        } else {
            command.arg("-L").arg(&self.folder).arg("-lretriage").arg("-lpthread");
        }
    }

    /// Has a program find it.
    pub(crate) fn environment<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("LD_LIBRARY_PATH", &self.folder)
    }

    /// Whether the shared library has a name, and exports what is ours and nothing else.
    pub(crate) fn check_symbols(&self) -> Result<(), String> {
        let shared = self.folder.join("libretriage.so");
        soname(&shared)?;
        let listed = read(Command::new("nm").args(["-D", "--defined-only"]).arg(&shared))?;
        let names: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().last()).collect();
        let others: Vec<&&str> = names.iter().filter(|name| !name.starts_with("retriage_")).collect();
        if names.is_empty() || !others.is_empty() {
            return Err(format!("{} exports {} names, among them {others:?}", shared.display(), names.len()));
        }
        Ok(())
    }
}

/// The name by which programs look for a shared library.
pub(crate) fn soname(shared: &Path) -> Result<OsString, String> {
    let listed = read(Command::new("objdump").arg("-p").arg(shared))?;
    let name = listed.lines().find_map(|line| line.trim().strip_prefix("SONAME"));
    name.map(|name| name.trim().into()).ok_or_else(|| format!("{} has no SONAME", shared.display()))
}

/// Copies a file; one that is in use is replaced and not written over.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let tell = |error| format!("{} to {}: {error}", from.display(), to.display());
    let new = to.with_extension("new");
    fs::copy(from, &new).and_then(|_| fs::rename(&new, to)).map_err(tell)
}
