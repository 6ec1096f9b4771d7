//! Programs that use the installed library as its users do: the examples, and the README.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::install::install;
use super::servers::{Seen, Server};
use super::{WARNINGS, read};
use crate::needs::JNA_JAR;
use crate::project::{Project, failed, run};
use crate::steps::Outcome;

/// Waits short enough for a test, in the order and number of those of the profile they extend.
const QUICK: &str = r#"{"extends":"standard","backoff":{"growth":"constant","base_ms":20},"jitter":{"kind":"none"}}"#;
/// The same without an end.
const ENDLESS: &str = r#"{"extends":"standard","attempts":null,"deadline_ms":null,"backoff":{"growth":"constant","base_ms":20},"jitter":{"kind":"none"}}"#;

/// The installed library, and programs built with it.
struct Installed {
    prefix: PathBuf,
    examples: PathBuf,
    out: PathBuf,
}

/// Installs the library and tries every program that calls it.
pub(crate) fn callers(project: &mut Project) -> Outcome {
    let prefix = project.target().join("c/installed");
    install(project, &prefix)?;
    let out = project.target().join("c/callers");
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    let installed = Installed { prefix, examples: project.root().join("bindings/c/examples"), out };
    installed.check_static()?;
    installed.http()?;
    installed.mllp()?;
    installed.java()?;
    installed.python()?;
    let commands = readme(project)?;
    Ok(Some(format!("libcurl, MLLP, JNA, ctypes, and {commands} commands of the README")))
}

/// Fails with what is wrong, unless it holds.
fn check(holds: bool, what: &str, shown: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{what}:\n{shown}")) }
}

impl Installed {
    fn environment<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("LD_LIBRARY_PATH", self.prefix.join("lib"))
            .env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig"))
    }

    /// Nothing but ours can be seen of the static library.
    fn check_static(&self) -> Result<(), String> {
        let library = self.prefix.join("lib/libretriage.a");
        let listed = read(Command::new("nm").args(["-g", "--defined-only"]).arg(&library))?;
        let names: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
        let others: Vec<_> = names.iter().filter(|name| !name.starts_with("retriage_")).collect();
        check(!names.is_empty() && others.is_empty(), "libretriage.a shows names of others", &format!("{others:?}"))
    }

    /// Builds an example, linked by what pkg-config says.
    fn build(&self, name: &str, libraries: &[&str]) -> Result<PathBuf, String> {
        let mut command = Command::new("pkg-config");
        let flags = read(self.environment(&mut command).args(["--cflags", "--libs", "retriage"]).args(libraries))?;
        let program = self.out.join(name);
        let mut command = Command::new("gcc");
        command.args(["-std=c99", "-O1"]).args(WARNINGS).arg(self.examples.join(format!("{name}.c")));
        run(command.args(flags.split_whitespace()).arg("-o").arg(&program))?;
        Ok(program)
    }

    fn run(&self, command: &mut Command) -> Result<Output, String> {
        println!("$ {}", command.get_program().to_string_lossy());
        self.environment(command).stdin(Stdio::null()).output().map_err(|error| failed(command, &error.to_string()))
    }

    /// A server that fails on purpose, and a client that retries as retriage says.
    fn http(&self) -> Result<(), String> {
        let program = self.build("http_get", &["libcurl"])?;
        let get = |port: u16, method: &str, profile: &str| {
            let url = format!("http://127.0.0.1:{port}/");
            let output = self.run(Command::new(&program).arg(url).args([method, profile]).env("no_proxy", "*"))?;
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            Ok::<_, String>((output.status.code(), told, String::from_utf8_lossy(&output.stdout).into_owned()))
        };
        let server = Server::http(&[
            "",
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100\r\nConnection: close\r\n\r\ncut",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        ])?;
        let (code, told, body) = get(server.port(), "GET", QUICK)?;
        check(code == Some(0) && body == "hello", "http_get does not come to its end", &told)?;
        let lines = [
            "attempt 1: network, so retry by backoff",
            "attempt 2: unavailable, so retry by hint",
            "attempt 3: bad_gateway, so retry by backoff",
            "attempt 4: success, so done by success",
        ];
        check(told.lines().eq(lines), "http_get decides otherwise", &told)?;
        let seen = server.seen()?;
        let waited = seen.get(2).zip(seen.get(1)).map(|(third, second)| third.at - second.at);
        check(waited >= Some(Duration::from_secs(1)), "http_get comes back before it was asked to", &told)?;

        // What may have taken effect is not repeated, unless repeating is safe.
        let server =
            Server::http(&["HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"])?;
        let (code, told, _) = get(server.port(), "POST", QUICK)?;
        check(code == Some(1), "http_get does not tell that it failed", &told)?;
        check(told.lines().count() == 1 && told.contains("so verify by not_safe"), "http_get repeats a POST", &told)?;
        server.seen()?;

        // Where nobody listens, the attempts come to an end.
        let gone = Server::http(&[])?;
        let port = gone.port();
        gone.seen()?;
        let (code, told, _) = get(port, "GET", QUICK)?;
        check(code == Some(1) && told.lines().count() == 5, "http_get does not stop", &told)?;
        check(told.ends_with("so stop by attempts\n"), "http_get stops for another reason", &told)
    }

    /// A listener that refuses, stays silent and recovers, and a sender driven by the delivery queue.
    fn mllp(&self) -> Result<(), String> {
        let program = self.build("mllp_send", &[])?;
        let messages = self.out.join("messages.hl7");
        let message = |id: &str| format!("MSH|^~\\&|ADT|H|LAB|H|20261122||ADT^A08|{id}|P|2.5.1\nEVN|A08|20261122\n\n");
        let text = ["M1", "M2", "M3"].map(message).concat();
        fs::write(&messages, text).map_err(|error| format!("{}: {error}", messages.display()))?;
        let server = Server::mllp(&["AE 207", "silence", "AA", "AE 101", "AA other", "AA"])?;
        let mut command = Command::new(&program);
        command.arg(server.port().to_string()).arg(&messages).args(["4000", ENDLESS]);
        let output = self.run(&mut command)?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let seen: Vec<String> = server.seen()?.into_iter().map(|Seen { asked, .. }| asked).collect();
        check(output.status.success(), "mllp_send fails", &told)?;
        check(
            seen == ["M1", "M1", "M1", "M2", "M3", "M3"],
            "mllp_send sends other messages",
            &format!("{seen:?}\n{told}"),
        )?;
        let lines = [
            "M1: sent, attempt 1: answered",
            "M1: sent, attempt 2: ETIMEDOUT",
            "M1: sent, attempt 3: answered",
            "M1: delivered",
            "M2: sent, attempt 1: answered",
            "M2: dropped, failed, fix",
            "M3: sent, attempt 1: answered",
            "M3: sent, attempt 2: answered",
            "M3: delivered",
        ];
        check(told.lines().eq(lines), "mllp_send does otherwise", &told)
    }

    /// Java through JNA classifies an acknowledgement and decides.
    fn java(&self) -> Result<(), String> {
        let classes = self.out.join("classes");
        let mut compile = Command::new("javac");
        run(compile.args(["-cp", JNA_JAR, "-d"]).arg(&classes).arg(self.examples.join("Triage.java")))?;
        let path = format!("{}:{JNA_JAR}", classes.display());
        let triage = |acknowledgement: &str| {
            let mut java = Command::new("java");
            java.arg("-Djna.library.path".to_owned() + "=" + &self.prefix.join("lib").to_string_lossy());
            read(self.environment(java.args(["-cp", &path, "Triage", acknowledgement, "M1"])))
        };
        let head = "MSH|^~\\&|LAB|H|ADT|H|20261122||ACK|A1|P|2.5.1\n";
        for (rest, expected) in [
            ("MSA|AA|M1\n", "hl7v2/AA success none done 0\n"),
            ("MSA|AE|M1\nERR|||207^^HL70357|E\n", "hl7v2/207 internal backoff retry 500\n"),
            ("MSA|AE|M1\nERR|||101^^HL70357|E\n", "hl7v2/101 invalid_request fix stop 0\n"),
            ("MSA|AA|ANOTHER\n", "hl7v2/control_id_mismatch unknown verify verify 0\n"),
        ] {
            let told = triage(&format!("{head}{rest}"))?;
            check(told == expected, &format!("Java gets another answer than {expected}"), &told)?;
        }
        Ok(())
    }

    /// Python's ctypes sees the ABI that the header says.
    fn python(&self) -> Result<(), String> {
        let mut command = Command::new("python3");
        command.arg(self.examples.join("abi.py")).arg(self.prefix.join("lib/libretriage.so"));
        let told = read(self.environment(command.arg(self.prefix.join("include/retriage.h"))))?;
        check(told.contains("classify undelivered\nanswer updox/4651\n"), "Python gets another answer", &told)
    }
}

/// Does what the README says, in the order in which it says it: its files are written, its commands run, and what they
/// print is what it shows. Returns how many commands there were.
fn readme(project: &Project) -> Result<usize, String> {
    let path = project.root().join("bindings/c/README.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let home = project.target().join("c/readme");
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    let mut said = String::new();
    let mut lines = text.lines();
    let (mut before, mut exports, mut count) = ("", String::new(), 0);
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else {
            before = if line.is_empty() { before } else { line };
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if kind != "console" {
            // The file is named in the line before.
            let name = before.split('`').nth(1).ok_or_else(|| format!("no file is named before a block of {kind}"))?;
            fs::write(home.join(name), block.join("\n") + "\n").map_err(|error| format!("{name}: {error}"))?;
            continue;
        }
        for part in block.join("\n").split("$ ").filter(|part| !part.is_empty()) {
            let (command, output) = part.split_once('\n').unwrap_or((part, ""));
            count += 1;
            if command.starts_with("export ") {
                exports += &format!("{command}\n");
                continue;
            }
            let folder = if command.starts_with("cargo ") { project.root() } else { home.as_path() };
            said += &try_command(command, output.trim_end(), &exports, &home, folder)?;
        }
    }
    println!("{said}");
    Ok(count)
}

fn try_command(command: &str, output: &str, exports: &str, home: &Path, folder: &Path) -> Result<String, String> {
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &format!("{exports}{command}")]).current_dir(folder);
    // What the tools of Rust keep at home stays where it is.
    if let Some(old) = std::env::home_dir() {
        for (variable, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            if std::env::var_os(variable).is_none() {
                shell.env(variable, old.join(folder));
            }
        }
    }
    let found = read(shell.env("HOME", home))?;
    check(
        output.is_empty() || found.trim_end() == output,
        &format!("README.md shows another output of `{command}`"),
        &found,
    )?;
    Ok(format!("$ {command}\n"))
}
