//! The workspace, and the copy of the core that its package holds.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, process};

use serde_json::Value;

/// The workspace.
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
    version: String,
    unpacked: Option<Unpacked>,
}

/// What the core's package holds, unpacked outside the workspace and built there; removed at the end.
pub(crate) struct Unpacked {
    folder: PathBuf,
    /// The package itself.
    pub(crate) package: PathBuf,
    /// The folder of what its build script printed.
    pub(crate) printed: PathBuf,
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        eprintln!("{} could not be removed: {error}", folder.display());
    }
}

impl Project {
    pub(crate) fn find() -> Result<Self, String> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().ok_or("xtask stands in no workspace")?.to_owned();
        let mut project = Self { root, target: PathBuf::new(), version: String::new(), unpacked: None };
        let metadata = project.read_cargo(&["metadata", "--format-version", "1", "--no-deps"])?;
        let metadata = serde_json::from_str::<Value>(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let core = metadata["packages"].as_array().into_iter().flatten().find(|package| package["name"] == "retriage");
        project.target = text(&metadata["target_directory"]).ok_or("cargo metadata names no target folder")?.into();
        project.version = core.and_then(|core| text(&core["version"])).ok_or("cargo metadata names no core")?;
        Ok(project)
    }

    /// The folder of the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of what is built.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The version of the core and of all that is around it.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// A command of cargo in the workspace.
    pub(crate) fn command(&self, arguments: &[impl AsRef<OsStr>]) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.args(arguments).current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// Runs cargo in the workspace; its output is the step's.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Result<(), String> {
        run(&mut self.command(arguments))
    }

    /// The same with a variable of the environment.
    pub(crate) fn cargo_with(&self, variable: (&str, &str), arguments: &[&str]) -> Result<(), String> {
        run(self.command(arguments).env(variable.0, variable.1))
    }

    /// What cargo prints on its standard output.
    pub(crate) fn read_cargo(&self, arguments: &[&str]) -> Result<String, String> {
        read(&mut self.command(arguments))
    }

    /// The cases of tests/vectors, each with the name of its file, without its ending.
    pub(crate) fn cases(&self) -> Result<Vec<(String, Value)>, String> {
        cases(&self.root)
    }

    /// The folder of what the build script printed for the tests.
    pub(crate) fn printed(&self) -> Result<PathBuf, String> {
        let messages = self.read_cargo(&["test", "--package", "retriage", "--no-run", "--message-format", "json"])?;
        messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|message| message["reason"] == "build-script-executed")
            .filter_map(|message| message["out_dir"].as_str().map(PathBuf::from))
            .find(|printed| printed.join("tables.rs").is_file())
            .ok_or_else(|| "no build script has printed a tables.rs".to_owned())
    }

    /// Packages the core, unpacks it outside the workspace, and builds it there from nothing, without the network.
    pub(crate) fn unpack(&mut self) -> Result<&Unpacked, String> {
        let unpacked = match self.unpacked.take() {
            Some(unpacked) => unpacked,
            None => self.build_unpacked()?,
        };
        Ok(self.unpacked.insert(unpacked))
    }

    fn build_unpacked(&self) -> Result<Unpacked, String> {
        // The build below is what cargo would verify, and outside the workspace as well.
        self.cargo(&["package", "--package", "retriage", "--no-verify", "--allow-dirty"])?;
        let name = format!("retriage-{}", self.version);
        let archive = self.target.join("package").join(format!("{name}.crate"));
        let folder = env::temp_dir().join(format!("retriage-package-{}", process::id()));
        fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let package = folder.join(name);
        let mut unpacked = Unpacked { folder, package, printed: PathBuf::new() };
        let (folder, package) = (&unpacked.folder, &unpacked.package);
        run(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder).stdin(Stdio::null()))?;
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            if !package.join(file).is_file() {
                return Err(format!("the package has no {file}; see `include` in Cargo.toml"));
            }
        }
        let target = folder.join("target");
        let mut build = self.command(&["build", "--offline", "--locked", "--target-dir"]);
        run(build.arg(&target).current_dir(package))?;
        unpacked.printed = find_printed(&target.join("debug").join("build"))?;
        Ok(unpacked)
    }
}

/// The one folder in a fresh target folder that holds the core's tables.
fn find_printed(builds: &Path) -> Result<PathBuf, String> {
    let folders = fs::read_dir(builds).map_err(|error| format!("{}: {error}", builds.display()))?;
    folders
        .filter_map(|folder| Some(folder.ok()?.path().join("out")))
        .find(|printed| printed.join("tables.rs").is_file())
        .ok_or_else(|| format!("{}: no build script has printed a tables.rs", builds.display()))
}

/// The cases of tests/vectors below this root, as [`Project::cases`] gives them.
pub(crate) fn cases(root: &Path) -> Result<Vec<(String, Value)>, String> {
    let mut cases = Vec::new();
    for (name, text) in json_files(&root.join("tests/vectors"))? {
        let mut vectors: Value = serde_json::from_str(&text).map_err(|error| format!("{name}.json: {error}"))?;
        let Value::Array(listed) = vectors["cases"].take() else {
            return Err(format!("{name}.json: no list of cases"));
        };
        cases.extend(listed.into_iter().map(|case| (name.clone(), case)));
    }
    Ok(cases)
}

/// The JSON files of a folder, by their names without the ending.
pub(crate) fn json_files(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let tell = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let entries = fs::read_dir(folder).map_err(|error| tell(folder, error))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|error| tell(folder, error))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, fs::read_to_string(path).map_err(|error| tell(path, error))?))
    };
    paths.iter().map(read).collect()
}

/// What a command prints on its standard output; it is given nothing to read.
pub(crate) fn read(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| failed(command, &error.to_string()))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stdout);
        return Err(failed(command, &format!("{}\n{told}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|error| failed(command, &error.to_string()))
}

/// Runs a command; its output is the step's.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", shown(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(command, &status.to_string())),
        Err(error) => Err(failed(command, &error.to_string())),
    }
}

/// That a command failed, and why.
pub(crate) fn failed(command: &Command, why: &str) -> String {
    format!("`{}`: {why}", shown(command))
}

/// A command as one would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
