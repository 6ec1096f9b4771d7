//! How things are measured beside each other: the peers of a group answer the same keys in turn, a fraction of a
//! millisecond each, round after round, so that what else the machine does falls on all of them alike. Such noise only
//! ever adds, so what counts is the time that a tenth of the rounds stay below. Tools that measure one function after the
//! other give the noise of a shared machine as a difference between them.
//!
//! A program of measurements takes `--instructions`, and then counts them by valgrind instead.

use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, iter};

/// How often every peer is measured.
const ROUNDS: usize = 1_000;
/// How long one measurement takes at least.
const SAMPLE: Duration = Duration::from_micros(200);
/// How many keys a pass goes through, unless one takes long.
pub const KEYS: usize = 1_024;
/// How many passes valgrind counts.
const COUNTED: usize = 20;

/// One way to look something up.
pub struct Peer {
    name: &'static str,
    /// How many keys it answers in a pass.
    keys: usize,
    /// Answers every key of the group once.
    pass: Box<dyn Fn()>,
}

/// Several ways to look up the same keys, the core's first.
pub struct Group {
    name: &'static str,
    peers: Vec<Peer>,
}

impl Group {
    /// A group of this name.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, peers: Vec::new() }
    }

    /// Adds a way to look a key up.
    #[must_use]
    pub fn peer<K: Copy + 'static, R>(
        mut self,
        name: &'static str,
        keys: &[K],
        look_up: impl Fn(K) -> R + 'static,
    ) -> Self {
        let (keys, count) = (keys.to_vec(), keys.len());
        let pass = move || {
            for key in &keys {
                black_box(look_up(black_box(*key)));
            }
        };
        self.peers.push(Peer { name, keys: count, pass: Box::new(pass) });
        self
    }
}

/// A fixed shuffle: the same keys in the same order on every machine, in an order that no predictor learns.
#[must_use]
pub fn shuffled<K: Copy>(from: &[K]) -> Vec<K> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        from[(state % from.len() as u64) as usize]
    };
    iter::repeat_with(next).take(KEYS).collect()
}

/// How long `passes` passes take, in nanoseconds a key.
fn measure(peer: &Peer, passes: u32) -> f64 {
    let began = Instant::now();
    for _ in 0..passes {
        (peer.pass)();
    }
    began.elapsed().as_secs_f64() * 1e9 / (f64::from(passes) * peer.keys as f64)
}

/// How many passes a measurement needs.
fn calibrate(peer: &Peer) -> u32 {
    let mut passes = 1;
    loop {
        let began = Instant::now();
        measure(peer, passes);
        if began.elapsed() >= SAMPLE {
            return passes;
        }
        passes *= 2;
    }
}

/// What a tenth of the times stay below.
fn lowest_tenth(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 10]
}

fn time(group: &Group) {
    let passes: Vec<u32> = group.peers.iter().map(calibrate).collect();
    let mut times = vec![Vec::with_capacity(ROUNDS); group.peers.len()];
    for _ in 0..ROUNDS {
        for ((peer, passes), times) in group.peers.iter().zip(&passes).zip(&mut times) {
            times.push(measure(peer, *passes));
        }
    }
    let times: Vec<f64> = times.into_iter().map(lowest_tenth).collect();
    print(group, &times);
}

/// One line a peer.
fn print(group: &Group, each: &[f64]) {
    for (at, (peer, each_one)) in group.peers.iter().zip(each).enumerate() {
        let name = if at == 0 { group.name } else { "" };
        println!("| {name} | {} | {each_one:.1} | {:.2} |", peer.name, each_one / each[0]);
    }
}

/// How many instructions this program runs for so many passes of a peer.
fn instructions(group: &Group, peer: &Peer, passes: usize) -> Result<u64, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["--run", group.name, peer.name, &passes.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}; install it with `apt-get install valgrind`"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let counted = text.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    counted.ok_or_else(|| format!("valgrind counted nothing:\n{text}"))
}

fn count(group: &Group) -> Result<(), String> {
    let each = |peer: &Peer| {
        let more = instructions(group, peer, COUNTED)? - instructions(group, peer, 0)?;
        Ok(more as f64 / (COUNTED * peer.keys) as f64)
    };
    print(group, &group.peers.iter().map(each).collect::<Result<Vec<f64>, String>>()?);
    Ok(())
}

/// The whole of a program of measurements: measures its groups, and prints a table of Markdown.
#[must_use]
pub fn run(groups: &[Group]) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["--run", group, peer, passes] = arguments.as_slice() {
        let group = groups.iter().find(|known| known.name == *group).expect("a group of this program");
        let peer = group.peers.iter().find(|known| known.name == *peer).expect("a peer of the group");
        for _ in 0..passes.parse().expect("a number of passes") {
            (peer.pass)();
        }
        return ExitCode::SUCCESS;
    }
    let counts = arguments.contains(&"--instructions");
    println!("| keys | by | {} each | times the first |", if counts { "instructions" } else { "ns" });
    println!("|---|---|---:|---:|");
    for group in groups {
        if !counts {
            time(group);
        } else if let Err(message) = count(group) {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
