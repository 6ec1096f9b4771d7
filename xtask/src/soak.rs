//! The long run: the command line under load for minutes, its memory flat and its answers those of the first round.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Task;
use crate::project::Project;

/// The commands that run for long.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "soak",
    arguments: "[--minutes N]",
    about: "Asks several `retriage answer` the vectors over and over, 10 minutes unless told: memory must stay flat, and \
            every answer must be that of the first round.",
    run: |project, arguments| {
        let minutes = match arguments {
            [] => 10,
            [option, minutes] if option == "--minutes" => {
                minutes.parse().map_err(|_| "--minutes takes a whole number".to_owned())?
            }
            _ => return Err("it takes --minutes N and nothing else".to_owned()),
        };
        soak(project, Duration::from_secs(60 * minutes))
    },
}];

/// How many programs are asked at once.
const PROGRAMS: usize = 2;
/// How much more memory a program may hold at the end than once it has answered every question a few times.
const TOLERANCE: f64 = 1.05;
/// How many rounds until then.
const WARM: usize = 10;

fn soak(project: &Project, duration: Duration) -> Result<(), String> {
    project.cargo(&["build", "--quiet", "--release", "--package", "retriage-cli"])?;
    let program = project.target().join("release/retriage");
    let cases = project.cases()?;
    let asked = cases.iter().map(|(_, case)| &case["question"]).filter(|question| question.is_object());
    let questions: String = asked.map(|question| format!("{question}\n")).collect();
    println!("{} questions, {PROGRAMS} programs, {} s", questions.lines().count(), duration.as_secs());
    let runs: Vec<_> = (0..PROGRAMS)
        .map(|_| {
            let (program, questions) = (program.clone(), questions.clone());
            thread::spawn(move || run(&program, &questions, duration))
        })
        .collect();
    for run in runs {
        let Ran { rounds, warm_kb, last_kb } = run.join().map_err(|_| "a thread panicked".to_owned())??;
        println!("{rounds} rounds; {warm_kb} kB after {WARM} rounds, {last_kb} kB at the end");
        if last_kb as f64 > warm_kb as f64 * TOLERANCE {
            return Err(format!("memory grew from {warm_kb} kB to {last_kb} kB"));
        }
    }
    Ok(())
}

/// How one program did.
struct Ran {
    rounds: usize,
    warm_kb: u64,
    last_kb: u64,
}

fn run(program: &Path, questions: &str, duration: Duration) -> Result<Ran, String> {
    let child = Command::new(program).arg("answer").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("{}: {error}", program.display()))?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("a program has no input or no output".to_owned());
    };
    let (began, id, asked) = (Instant::now(), child.id(), questions.to_owned());
    let asking = thread::spawn(move || ask(input, &asked, began, duration));
    let count = questions.lines().count();
    let (mut first, mut rounds, mut warm_kb, mut last_kb) = (Vec::with_capacity(count), 0, 0, 0);
    let mut lines = BufReader::new(output).lines();
    'rounds: loop {
        for number in 0..count {
            let Some(answer) = lines.next() else { break 'rounds };
            let answer = unnumbered(answer.map_err(|error| error.to_string())?);
            match first.get(number) {
                None => first.push(answer),
                Some(known) if *known == answer => {}
                Some(_) => return Err(format!("question {number} has another answer in round {rounds}")),
            }
        }
        rounds += 1;
        last_kb = resident_kb(id).unwrap_or(last_kb);
        if rounds == WARM {
            warm_kb = last_kb;
        }
    }
    asking.join().map_err(|_| "a thread panicked".to_owned())?;
    let _ = child.wait();
    if rounds <= WARM {
        return Err(format!("only {rounds} rounds; let it run longer"));
    }
    Ok(Ran { rounds, warm_kb, last_kb })
}

/// An answer without the number of its line, which an error has and which goes on from round to round.
fn unnumbered(mut answer: String) -> String {
    if let (true, Some(at)) = (answer.starts_with("{\"error\""), answer.rfind(",\"line\":")) {
        answer.truncate(at);
    }
    answer
}

/// Asks whole rounds until the time is over.
fn ask(mut input: ChildStdin, questions: &str, began: Instant, duration: Duration) {
    while began.elapsed() < duration && input.write_all(questions.as_bytes()).is_ok() {}
}

/// How much memory a process holds.
fn resident_kb(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
