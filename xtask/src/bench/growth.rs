//! What more entries and more catalogs cost that are built in.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::footprint::data;
use crate::project::{Project, read};

#[path = "../../../benches/src/grown/catalog.rs"]
mod catalog;

/// How many catalogs, and how many entries each has.
const SIZES: &[(usize, usize)] = &[(0, 0), (1, 100), (1, 10_000), (1, 100_000), (10, 100), (100, 100), (1_000, 100)];

/// Builds a copy of the core's package with such catalogs besides its own, and a program that looks codes up in the
/// last of them; the table.
pub(crate) fn built_in(project: &mut Project) -> Result<String, String> {
    let program = Program::add(project)?;
    let mut table =
        "| catalogs more | entries each | s to build | MB of tables more | bytes an entry | ns by number | ns \
        by name |\n|---:|---:|---:|---:|---:|---:|---:|\n"
            .to_owned();
    // What it depends on is built before the clock runs.
    program.build(project, "release", &["--lib"])?;
    let mut bare = 0;
    for (catalogs, entries) in SIZES {
        eprintln!("{catalogs} catalogs more, of {entries} entries each");
        program.grow(*catalogs, *entries)?;
        let began = Instant::now();
        program.build(project, "release", &["--lib"])?;
        let took = began.elapsed().as_secs_f64();
        let built = program.build(project, "release", &["--bin", "grown"])?;
        let bytes = data(&built)?;
        if *catalogs == 0 {
            bare = bytes;
            let _ = writeln!(table, "| 0 | | {took:.1} | | | | |");
            continue;
        }
        let more = bytes.saturating_sub(bare);
        let last = format!("grown-{}", catalogs - 1);
        let told = read(Command::new(&built).args([last, entries.to_string()]))?;
        let (number, name) = told.trim().split_once(' ').ok_or("the program said nothing")?;
        let (megabytes, each) = (more as f64 / 1e6, more / (catalogs * entries));
        let _ = writeln!(table, "| {catalogs} | {entries} | {took:.1} | {megabytes:.2} | {each} | {number} | {name} |");
    }
    Ok(table)
}

/// The program, in a copy of the core's package.
pub(super) struct Program {
    package: PathBuf,
    target: PathBuf,
}

impl Program {
    pub(super) fn add(project: &mut Project) -> Result<Self, String> {
        let package = project.unpack()?.package.clone();
        let sources = project.root().join("benches/src/grown");
        let folder = package.join("grown");
        fs::create_dir_all(&folder).map_err(|error| tell(&folder, &error))?;
        for file in ["main.rs", "lookups.rs"] {
            fs::copy(sources.join(file), folder.join(file)).map_err(|error| tell(&folder, &error))?;
        }
        // A program and not an example: for those, what only the tests need would be built as well.
        let manifest = package.join("Cargo.toml");
        let mut text = fs::read_to_string(&manifest).map_err(|error| tell(&manifest, &error))?;
        let named = "\n[[bin]]\nname = \"grown\"\npath = \"grown/main.rs\"\n";
        if !text.ends_with(named) {
            text += named;
            fs::write(&manifest, text).map_err(|error| tell(&manifest, &error))?;
        }
        Ok(Self { target: package.join("target"), package })
    }

    /// Puts so many catalogs in the place of those that were grown before.
    pub(super) fn grow(&self, catalogs: usize, entries: usize) -> Result<(), String> {
        let folder = self.package.join("codes/catalogs");
        for file in fs::read_dir(&folder).map_err(|error| tell(&folder, &error))? {
            let path = file.map_err(|error| tell(&folder, &error))?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("grown-")) {
                fs::remove_file(&path).map_err(|error| tell(&path, &error))?;
            }
        }
        for number in 0..catalogs {
            let id = format!("grown-{number}");
            let path = folder.join(format!("{id}.json"));
            fs::write(&path, catalog::catalog(&id, entries).to_string()).map_err(|error| tell(&path, &error))?;
        }
        // Without any, it is built again all the same.
        let touched = folder.join("http.json");
        let text = fs::read(&touched).map_err(|error| tell(&touched, &error))?;
        fs::write(&touched, text).map_err(|error| tell(&touched, &error))
    }

    /// Builds, and says where the program would then be.
    pub(super) fn build(&self, project: &Project, profile: &str, what: &[&str]) -> Result<PathBuf, String> {
        let mut build = project.command(&["build", "--quiet", "--offline", "--profile", profile]);
        build.args(what).current_dir(&self.package).env("CARGO_TARGET_DIR", &self.target);
        read(build.env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
        let folder = if profile == "dev" { "debug" } else { profile };
        Ok(self.target.join(folder).join("grown"))
    }
}

fn tell(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
