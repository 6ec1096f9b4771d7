//! Which Rust toolchain can compile for WebAssembly here.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run::run;

/// The target of the package.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The programs of a distribution whose compiler knows the target and has no library built for it: Debian's
/// `rustc-web`, `cargo-web`, `rust-web-src` and `lld-22` put theirs here.
const DISTRIBUTION: [&str; 2] = ["/usr/bin/cargo", "/usr/bin/rustc"];

/// A toolchain that compiles for WebAssembly.
pub(crate) enum Toolchain {
    /// The one that runs this, with a library for the target.
    Ready,
    /// That of the distribution, which builds the library from its own sources.
    Distribution {
        /// What links WebAssembly.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Finds one, by installing the target if need be, and says which.
    pub(crate) fn find() -> Result<Self, String> {
        if std::env::var_os("RETRIAGE_WASM_TOOLCHAIN").is_some_and(|asked| asked == "distribution") {
            return Self::distribution();
        }
        if has_target() {
            println!("{TARGET}: from the toolchain that runs this");
            return Ok(Self::Ready);
        }
        println!("{TARGET}: not installed; asking rustup for it");
        if run(Command::new("rustup").args(["target", "add", TARGET])).is_ok() && has_target() {
            return Ok(Self::Ready);
        }
        println!("{TARGET}: rustup can't fetch it; looking for the distribution's toolchain");
        Self::distribution()
    }

    fn distribution() -> Result<Self, String> {
        let advice = format!(
            "there is no toolchain for {TARGET}: run `rustup target add {TARGET}`, or, on Debian, \
             `apt-get install rustc-web cargo-web rust-web-src lld-22`"
        );
        if let Some(missing) = DISTRIBUTION.iter().find(|program| !Path::new(program).is_file()) {
            return Err(format!("{missing} is missing; {advice}"));
        }
        let linker = linker().ok_or_else(|| format!("there is no wasm-ld in /usr/bin; {advice}"))?;
        println!("{TARGET}: {} with -Z build-std, linked by {}", DISTRIBUTION[0], linker.display());
        Ok(Self::Distribution { linker })
    }

    /// Cargo, ready to build for the target.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = match self {
            Self::Ready => Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
            Self::Distribution { linker } => {
                let [cargo, rustc] = DISTRIBUTION;
                let mut command = Command::new(cargo);
                // -Z is for nightly compilers; this lets the distribution's own take it.
                command.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1");
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                for inherited in ["RUSTUP_TOOLCHAIN", "RUSTDOC", "RUSTC_WRAPPER"] {
                    command.env_remove(inherited);
                }
                command
            }
        };
        command.args(["build", "--target", TARGET]);
        if matches!(self, Self::Distribution { .. }) {
            // The module has no std; what it links of the library is these.
            command.args(["-Z", "build-std=core,alloc"]);
        }
        command.stdin(Stdio::null());
        command
    }
}

/// The newest of the distribution's linkers for WebAssembly.
fn linker() -> Option<PathBuf> {
    let programs = std::fs::read_dir("/usr/bin").ok()?;
    let version = |path: &Path| {
        let name = path.file_name().and_then(OsStr::to_str)?;
        match name.strip_prefix("wasm-ld")? {
            "" => Some(0),
            rest => rest.strip_prefix('-')?.parse::<u32>().ok(),
        }
    };
    programs
        .filter_map(|program| Some(program.ok()?.path()))
        .filter(|path| version(path).is_some())
        .max_by_key(|path| version(path))
}

fn has_target() -> bool {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}
