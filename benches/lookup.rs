//! Look-ups of the core beside what else one could use, in one run.
//!
//! The peers of a group answer the same keys in turn, a fraction of a millisecond each, round after round, so that
//! what else the machine does falls on all of them alike. Such noise only ever adds, so what counts is the time that
//! a tenth of the rounds stay below. Tools that measure one function after the other give the noise of a shared
//! machine as a difference between them.
//!
//! ```text
//! cargo bench -p retriage --bench lookup                    nanoseconds, as a table
//! cargo bench -p retriage --bench lookup -- --instructions  instructions, counted by valgrind
//! ```

use std::collections::HashMap;
use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, iter};

use retriage::vocabulary::Category;
use retriage::{Catalog, Evidence, catalog};

/// How often every peer is measured.
const ROUNDS: usize = 1_000;
/// How long one measurement takes at least.
const SAMPLE: Duration = Duration::from_micros(200);
/// How many keys a pass goes through.
const KEYS: usize = 1_024;
/// How many passes valgrind counts.
const COUNTED: usize = 20;

/// One way to look something up.
struct Peer {
    name: &'static str,
    /// Looks up every key of the group once.
    pass: Box<dyn Fn()>,
}

/// Several ways to look up the same keys, the core's first.
struct Group {
    name: &'static str,
    peers: Vec<Peer>,
}

impl Group {
    fn new(name: &'static str) -> Self {
        Self { name, peers: Vec::new() }
    }

    /// Adds a way to look a key up.
    fn peer<K: Copy + 'static, R>(
        mut self,
        name: &'static str,
        keys: &[K],
        look_up: impl Fn(K) -> R + 'static,
    ) -> Self {
        let keys = keys.to_vec();
        let pass = move || {
            for key in &keys {
                black_box(look_up(black_box(*key)));
            }
        };
        self.peers.push(Peer { name, pass: Box::new(pass) });
        self
    }
}

/// A fixed shuffle: the same keys in the same order on every machine, in an order that no predictor learns.
fn shuffled<K: Copy>(from: &[K]) -> Vec<K> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        from[(state % from.len() as u64) as usize]
    };
    iter::repeat_with(next).take(KEYS).collect()
}

/// Updox's codes as a `match` and as a map of phf, both with the category: what one would write by hand.
macro_rules! updox {
    ($($code:tt => $category:ident,)*) => {
        /// As a `match`.
        fn matched(code: i64) -> Option<Category> {
            Some(match code {
                $($code => Category::$category,)*
                _ => return ranged(code),
            })
        }

        /// As a perfect-hash map.
        static HASHED: phf::Map<i64, Category> = phf::phf_map! { $($code => Category::$category,)* };

        const UPDOX: &[i64] = &[$($code,)*];
    };
}

updox! {
    2000i64 => Success, 4000i64 => InvalidRequest, 4010i64 => Unauthenticated, 4011i64 => AccountInactive,
    4012i64 => AccountInactive, 4013i64 => Unauthenticated, 4014i64 => Unauthenticated, 4020i64 => TooLarge,
    4060i64 => InvalidRequest, 4070i64 => InvalidRecipient, 4071i64 => InvalidRecipient, 4072i64 => InvalidRecipient,
    4073i64 => InvalidRecipient, 4074i64 => InvalidRecipient, 4075i64 => InvalidRecipient, 4076i64 => InvalidRecipient,
    4077i64 => InvalidRecipient, 4080i64 => InvalidRecipient, 4110i64 => InvalidRequest, 4130i64 => Conflict,
    4131i64 => NotFound, 4132i64 => Conflict, 4140i64 => Conflict, 4150i64 => Conflict, 4210i64 => InvalidRequest,
    4230i64 => Conflict, 4231i64 => NotFound, 4232i64 => InvalidRequest, 4233i64 => InvalidRequest,
    4240i64 => NotFound, 4250i64 => InvalidRequest, 4330i64 => Conflict, 4331i64 => NotFound, 4410i64 => NotFound,
    4420i64 => NotFound, 4430i64 => Unsupported, 4610i64 => Conflict, 4620i64 => InvalidRequest,
    4621i64 => InvalidRequest, 4630i64 => PreconditionFailed, 4640i64 => InvalidRequest, 4641i64 => PreconditionFailed,
    4642i64 => PreconditionFailed, 4643i64 => PreconditionFailed, 4650i64 => Undelivered, 4651i64 => Undelivered,
    4652i64 => InvalidRequest, 4730i64 => Conflict, 4731i64 => NotFound, 4830i64 => Conflict, 4831i64 => NotFound,
    5000i64 => Internal, 5010i64 => InvalidRequest, 5011i64 => TooLarge, 5012i64 => InvalidRequest,
    5100i64 => Internal, 5110i64 => Internal,
}

/// Updox's ranges for the numbers it doesn't list.
fn ranged(code: i64) -> Option<Category> {
    match code {
        2000..=2999 => Some(Category::Success),
        4000..=4999 => Some(Category::InvalidRequest),
        5000..=5999 => Some(Category::Internal),
        _ => None,
    }
}

fn hashed(code: i64) -> Option<Category> {
    HASHED.get(&code).copied().or_else(|| ranged(code))
}

fn built_in(id: &str) -> Catalog<'static> {
    catalog(id).expect("built in")
}

fn title(http: Catalog<'static>, status: u16) -> Option<&'static str> {
    http.find_status(status).map(|(entry, _)| entry.title())
}

fn reason_phrase(status: u16) -> Option<&'static str> {
    http::StatusCode::from_u16(status).ok()?.canonical_reason()
}

fn category(updox: Catalog<'static>, code: i64) -> Option<Category> {
    updox.find_number(code).map(|(entry, _)| entry.words().category)
}

fn statuses() -> Vec<Group> {
    let http = built_in("http");
    let (listed, unlisted): (Vec<u16>, Vec<u16>) = (0..1_000).partition(|status| reason_phrase(*status).is_some());
    let group = |name, keys: Vec<u16>| {
        let keys = shuffled(&keys);
        Group::new(name).peer("retriage, title", &keys, move |status| title(http, status)).peer(
            "http::StatusCode, reason phrase",
            &keys,
            reason_phrase,
        )
    };
    vec![group("status, registered", listed), group("status, any other under 1,000", unlisted)]
}

fn numbers() -> Vec<Group> {
    let updox = built_in("updox");
    let listed = updox.entries().filter(|entry| entry.key_kind() == "code" && !entry.is_range() && !entry.is_variant());
    let listed: Vec<i64> = listed.filter_map(|entry| entry.label().parse().ok()).collect();
    assert_eq!(listed, UPDOX, "the copy in this file is not what the catalog lists");
    let unlisted: Vec<i64> = (0..8_000).filter(|code| !listed.contains(code)).collect();
    for code in 0..8_000 {
        let answers = [category(updox, code), matched(code), hashed(code)];
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{code}: the peers disagree: {answers:?}");
    }
    let group = |name, keys: &[i64]| {
        let keys = shuffled(keys);
        Group::new(name)
            .peer("retriage, category", &keys, move |code| category(updox, code))
            .peer("match", &keys, matched)
            .peer("phf::Map", &keys, hashed)
    };
    vec![
        group("code 4651", &[4_651]),
        group("code, listed", &listed),
        group("code 7777", &[7_777]),
        group("code, any other under 8,000", &unlisted),
    ]
}

fn names() -> Vec<Group> {
    let transport = built_in("transport");
    let categories: HashMap<&'static str, Category> = transport
        .entries()
        .filter(|entry| entry.key_kind() == "failure")
        .flat_map(|entry| iter::once(entry.label()).chain(entry.names()).map(move |name| (name, entry)))
        .map(|(name, entry)| (name, entry.words().category))
        .collect();
    let mut sorted: Vec<(&str, Category)> = categories.iter().map(|(name, category)| (*name, *category)).collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    let listed: Vec<&str> = sorted.iter().map(|(name, _)| *name).collect();
    // As long as those that are listed, and none of them.
    let unlisted: Vec<&str> = listed.iter().map(|name| &*format!("{}~", &name[1..]).leak()).collect();
    let found = move |name| transport.find_failure(name).map(|entry| entry.words().category);
    assert!(listed.iter().all(|name| found(name) == categories.get(name).copied()), "the peers disagree");
    assert!(unlisted.iter().all(|name| found(name).is_none()), "an unlisted name is listed");
    let group = |name, keys: &[&'static str]| {
        let (keys, sorted, categories) = (shuffled(keys), sorted.clone(), categories.clone());
        let searched = move |name| {
            let at = sorted.binary_search_by_key(&name, |(name, _)| *name).ok()?;
            sorted.get(at).map(|(_, category)| *category)
        };
        Group::new(name)
            .peer("retriage, category", &keys, found)
            .peer("std HashMap", &keys, move |name| categories.get(name).copied())
            .peer("binary search", &keys, searched)
    };
    vec![
        group("failure ECONNRESET", &["ECONNRESET"]),
        group("failure, listed", &listed),
        group("failure, unlisted", &unlisted),
    ]
}

fn whole_answers() -> Vec<Group> {
    let redox = built_in("redox");
    let classify = move |body: Option<&'static str>| {
        let body = body.map(str::as_bytes);
        redox.classify(&Evidence { status: Some(401), body, ..Evidence::default() }).words
    };
    let json = concat!(
        r#"{"Meta":{"DataModel":"Scheduling","EventType":"New","Source":{"ID":"7ce6f387-c33c-417d-8682-81e83628cbd9"},"#,
        r#""Message":{"ID":5565},"Errors":[{"ID":531829,"Text":"A required field is missing","Type":"transmission","#,
        r#""Module":"Send"}]}}"#
    );
    let group = Group::new("redox 401, classified whole")
        .peer("status alone", &[None; KEYS], classify)
        .peer("a listed reason text", &[Some("Invalid source secret"); KEYS], classify)
        .peer("an unlisted text", &[Some("Invalid source secrets"); KEYS], classify)
        .peer("a JSON body", &[Some(json); KEYS], classify)
        .peer("serde_json alone, that body as a tree", &[json; KEYS], serde_json::from_str::<serde_json::Value>);
    vec![group]
}

fn groups() -> Vec<Group> {
    [statuses(), numbers(), names(), whole_answers()].into_iter().flatten().collect()
}

/// How long `passes` passes take, in nanoseconds a key.
fn measure(peer: &Peer, passes: u32) -> f64 {
    let began = Instant::now();
    for _ in 0..passes {
        (peer.pass)();
    }
    began.elapsed().as_secs_f64() * 1e9 / (f64::from(passes) * KEYS as f64)
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
        Ok(more as f64 / (COUNTED * KEYS) as f64)
    };
    print(group, &group.peers.iter().map(each).collect::<Result<Vec<f64>, String>>()?);
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let groups = groups();
    if let ["--run", group, peer, passes] = arguments.as_slice() {
        let group = groups.iter().find(|known| known.name == *group).expect("a group of this program");
        let peer = group.peers.iter().find(|known| known.name == *peer).expect("a peer of the group");
        for _ in 0..passes.parse().expect("a number of passes") {
            (peer.pass)();
        }
        return ExitCode::SUCCESS;
    }
    let counts = arguments.contains(&"--instructions");
    println!("| keys | by | {} a look-up | times the first |", if counts { "instructions" } else { "ns" });
    println!("|---|---|---:|---:|");
    for group in &groups {
        if !counts {
            time(group);
        } else if let Err(message) = count(group) {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
