//! How things are measured beside each other: the peers of a group answer the same keys in turn, a fraction of a
//! millisecond each, round after round, so that what else the machine does falls on all of them alike, and the median of
//! the rounds counts. Tools that measure one function after the other give the noise of a shared machine as a difference
//! between them.
//!
//! A program of measurements takes `--instructions`, and then has valgrind count them instead; `--ours` leaves the peers
//! out that are not the core's.

use std::hint::black_box;
use std::process::{self, Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs, iter};

/// How often every peer is measured.
const ROUNDS: usize = 1_000;
/// How long one measurement takes at least.
const SAMPLE: Duration = Duration::from_micros(200);
/// How long a group may take, and how often its peers are measured all the same.
const LONGEST: Duration = Duration::from_secs(10);
const LEAST_ROUNDS: usize = 100;
/// How many keys a pass goes through, unless one takes long.
pub const KEYS: usize = 1_024;

/// One way to look something up.
struct Peer {
    name: &'static str,
    /// Whether it is the core's, so that its instructions are kept.
    is_ours: bool,
    /// How many keys it answers in a pass.
    keys: usize,
    /// Answers every key of the group once.
    pass: Box<dyn Fn()>,
}

/// Several ways to look up the same keys, the core's first.
pub struct Group {
    name: &'static str,
    peers: Vec<Peer>,
    check: Box<dyn Fn()>,
}

impl Group {
    /// A group of this name.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, peers: Vec::new(), check: Box::new(|| {}) }
    }

    /// What must hold before anything is measured; it panics where it doesn't. Not part of what valgrind counts.
    #[must_use]
    pub fn checked(mut self, check: impl Fn() + 'static) -> Self {
        self.check = Box::new(check);
        self
    }

    /// Adds a way of the core to look a key up.
    #[must_use]
    pub fn ours<K: Copy + 'static, R>(
        self,
        name: &'static str,
        keys: &[K],
        look_up: impl Fn(K) -> R + 'static,
    ) -> Self {
        self.add(name, true, keys.len(), each(keys, look_up))
    }

    /// Adds another way to look a key up.
    #[must_use]
    pub fn peer<K: Copy + 'static, R>(
        self,
        name: &'static str,
        keys: &[K],
        look_up: impl Fn(K) -> R + 'static,
    ) -> Self {
        self.add(name, false, keys.len(), each(keys, look_up))
    }

    /// Adds a way of the core to answer so many keys at once.
    #[must_use]
    pub fn our_batch(self, name: &'static str, keys: usize, pass: impl Fn() + 'static) -> Self {
        self.add(name, true, keys, Box::new(pass))
    }

    /// Adds another way to answer so many keys at once.
    #[must_use]
    pub fn batch(self, name: &'static str, keys: usize, pass: impl Fn() + 'static) -> Self {
        self.add(name, false, keys, Box::new(pass))
    }

    fn add(mut self, name: &'static str, is_ours: bool, keys: usize, pass: Box<dyn Fn()>) -> Self {
        self.peers.push(Peer { name, is_ours, keys, pass });
        self
    }
}

/// A pass that looks the keys up one by one.
fn each<K: Copy + 'static, R>(keys: &[K], look_up: impl Fn(K) -> R + 'static) -> Box<dyn Fn()> {
    let keys = keys.to_vec();
    Box::new(move || {
        for key in &keys {
            black_box(look_up(black_box(*key)));
        }
    })
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

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

fn time(group: &Group) -> Vec<f64> {
    let passes: Vec<u32> = group.peers.iter().map(calibrate).collect();
    let mut times = vec![Vec::with_capacity(ROUNDS); group.peers.len()];
    // What takes milliseconds is measured less often.
    let rounds = (0..ROUNDS).take_while({
        let began = Instant::now();
        move |round| *round < LEAST_ROUNDS || began.elapsed() < LONGEST
    });
    for _ in rounds {
        for ((peer, passes), times) in group.peers.iter().zip(&passes).zip(&mut times) {
            times.push(measure(peer, *passes));
        }
    }
    times.into_iter().map(median).collect()
}

/// One line a peer.
fn print(group: &Group, each: &[f64]) {
    let first = each.first().copied().unwrap_or(f64::NAN);
    for (at, (peer, each_one)) in group.peers.iter().zip(each).enumerate() {
        let name = if at == 0 { group.name } else { "" };
        println!("| {name} | {} | {} | {:.2} |", peer.name, shown(*each_one), each_one / first);
    }
}

/// A figure with as many digits as mean something.
fn shown(figure: f64) -> String {
    let decimals = match figure {
        ..1.0 => 3,
        ..10.0 => 2,
        ..10_000.0 => 1,
        _ => 0,
    };
    format!("{figure:.decimals$}")
}

/// The function whose instructions valgrind counts.
#[inline(never)]
fn counted_pass(peer: &Peer) {
    (peer.pass)();
    black_box(());
}

/// How many instructions each peer takes for a key, in one run of this program under valgrind: it counts within
/// [`counted_pass`] alone, and writes the sum down at the end of each.
fn count(groups: &[Group]) -> Result<Vec<Vec<f64>>, String> {
    let tell = |error: std::io::Error| error.to_string();
    let folder = env::temp_dir().join(format!("retriage-benches-{}", process::id()));
    fs::create_dir_all(&folder).map_err(tell)?;
    let mut valgrind = Command::new("valgrind");
    valgrind.args([
        "--tool=callgrind",
        "--toggle-collect=retriage_benches::counted_pass",
        "--dump-after=retriage_benches::counted_pass",
    ]);
    valgrind.arg(format!("--callgrind-out-file={}", folder.join("counted").display()));
    valgrind.arg(env::current_exe().map_err(tell)?).args(env::args().skip(1)).arg(RUN);
    let output = valgrind.output();
    let total = |number: usize| {
        let text = fs::read_to_string(folder.join(format!("counted.{number}"))).ok()?;
        text.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse::<u64>().ok())
    };
    let mut totals = (1..).map_while(total);
    let counts: Option<Vec<Vec<f64>>> = groups
        .iter()
        .map(|group| group.peers.iter().map(|peer| Some(totals.next()? as f64 / peer.keys as f64)).collect())
        .collect();
    let is_all = totals.next().is_none();
    fs::remove_dir_all(&folder).map_err(tell)?;
    let output = output.map_err(|error| format!("valgrind: {error}; install it with `apt-get install valgrind`"))?;
    counts
        .filter(|_| is_all)
        .ok_or_else(|| format!("valgrind didn't count each peer once:\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// Has the program, under valgrind, do what is counted.
const RUN: &str = "--run";

/// The whole of a program of measurements: measures its groups, and prints a table of Markdown.
#[must_use]
pub fn run(mut groups: Vec<Group>) -> ExitCode {
    let is_given = |option: &str| env::args().skip(1).any(|argument| argument == option);
    if is_given("--ours") {
        groups.iter_mut().for_each(|group| group.peers.retain(|peer| peer.is_ours));
    }
    if is_given(RUN) {
        for peer in groups.iter().flat_map(|group| &group.peers) {
            // What happens once, such as the first use of the heap, isn't counted.
            (peer.pass)();
            counted_pass(peer);
        }
        return ExitCode::SUCCESS;
    }
    groups.iter().for_each(|group| (group.check)());
    let counts = match is_given("--instructions").then(|| count(&groups)).transpose() {
        Ok(counts) => counts,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    println!("| keys | by | {} each | times the first |", if counts.is_some() { "instructions" } else { "ns" });
    println!("|---|---|---:|---:|");
    for (at, group) in groups.iter().enumerate() {
        match &counts {
            Some(counts) => print(group, &counts[at]),
            None => {
                eprintln!("{} of {}: {}", at + 1, groups.len(), group.name);
                print(group, &time(group));
            }
        }
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::{median, shown};

    #[test]
    fn a_figure_has_the_digits_that_mean_something() {
        assert_eq!([0.0625, 2.34, 718.0, 13_225_359.2].map(shown), ["0.062", "2.34", "718.0", "13225359"]);
    }

    #[test]
    fn noise_in_some_rounds_changes_nothing() {
        assert!((median(vec![900.0, 2.0, 1.0, 3.0, 800.0]) - 3.0).abs() < f64::EPSILON);
    }
}
