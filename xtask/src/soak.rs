//! The long run: the core, the C library and the command line under load, side by side, their memory flat and their
//! answers those of the first round.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::project::{Project, failed};
use crate::steps::Outcome;
use crate::{Task, c};

/// The commands that run for long.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "soak",
    arguments: "[--minutes N]",
    about: "Asks `answer` in several threads, the C library in several threads, and several `retriage answer` the vectors \
            over and over, 10 minutes unless told: memory must stay flat, and every answer must be that of the first \
            round.",
    run: |project, arguments| match arguments {
        [] => soak(project, long(10)),
        [option, minutes] if option == "--minutes" => {
            soak(project, long(minutes.parse().map_err(|_| "--minutes takes a whole number".to_owned())?))
        }
        // What `soak` runs as a program of its own, so that nobody else's memory is measured.
        [option, questions, answers, seconds, warm] if option == IN_CORE => {
            let number = |text: &String| text.parse::<u64>().map_err(|_| format!("{text} is no whole number"));
            let load =
                Load { duration: Duration::from_secs(number(seconds)?), warm: number(warm)? as usize, release: false };
            in_core(&read_lines(questions)?, &read_lines(answers)?, load)
        }
        _ => Err("it takes --minutes N and nothing else".to_owned()),
    },
}];

/// The step: the short form of it.
pub(crate) fn step(project: &mut Project) -> Outcome {
    soak(project, IN_TESTS)?;
    Ok(None)
}

/// How long, and after how many rounds memory counts as settled: a program goes on until it has done one more and the
/// time is over.
#[derive(Clone, Copy)]
struct Load {
    duration: Duration,
    warm: usize,
    /// Whether what is asked is as it is shipped; what the tests have built is otherwise.
    release: bool,
}

/// The load of the command, for so many minutes.
fn long(minutes: u64) -> Load {
    Load { duration: Duration::from_secs(60 * minutes), warm: WARM, release: true }
}

/// How many programs of the command line are asked at once.
const PROGRAMS: usize = 2;
/// How many threads ask the core in one program; those in C are in `soak.c`.
const THREADS: usize = 3;
/// How much more memory a program may hold at the end than once it has answered every question a few times.
const TOLERANCE: f64 = 1.05;
/// And how much more in any case, in kB: an allocator's own ups and downs.
const SLACK_KB: u64 = 512;
/// How many rounds until then.
const WARM: usize = 10;
/// The load in the tests.
const IN_TESTS: Load = Load { duration: Duration::from_secs(5), warm: 3, release: false };
/// What tells the command that it is the program that asks the core.
const IN_CORE: &str = "--in-core";

fn soak(project: &Project, load: Load) -> Result<(), String> {
    let build = ["build", "--quiet", "--package", "retriage-cli", "--release"];
    project.cargo(&build[..if load.release { 5 } else { 4 }])?;
    let command_line = project.target().join(if load.release { "release" } else { "debug" }).join("retriage");
    let folder = project.target().join("soak");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let cases = project.cases()?;
    let asked = cases.iter().map(|(_, case)| &case["question"]).filter(|question| question.is_object());
    let questions: String = asked.map(|question| format!("{question}\n")).collect();
    let answers: String = questions.lines().map(|question| retriage::answer(question) + "\n").collect();
    let files = [folder.join("questions.ndjson"), folder.join("answers.ndjson")];
    for (path, text) in files.iter().zip([&questions, &answers]) {
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let numbers = [load.duration.as_secs().to_string(), load.warm.to_string()];
    let this = std::env::current_exe().map_err(|error| format!("the program itself can't be found: {error}"))?;
    let mut core = Command::new(this);
    core.args(["soak", IN_CORE]).args(&files).args(&numbers);
    let mut in_c = c::soak(project, load.release)?;
    in_c.args(&files).args(&numbers);
    println!("{} questions, {} s at the least", questions.lines().count(), load.duration.as_secs());
    let mut runs: Vec<(&str, thread::JoinHandle<Result<Ran, String>>)> = vec![
        ("the core, in threads", thread::spawn(move || reported(core))),
        ("the C library, in threads", thread::spawn(move || reported(in_c))),
    ];
    for _ in 0..PROGRAMS {
        let (program, questions) = (command_line.clone(), questions.clone());
        runs.push(("the command line", thread::spawn(move || run(&program, &questions, load))));
    }
    // All of them end before one is judged.
    let runs: Vec<_> = runs.into_iter().map(|(name, run)| (name, run.join())).collect();
    for (name, ran) in runs {
        let ran = ran.map_err(|_| format!("{name}: a thread panicked"))?;
        let Ran { rounds, warm_kb, last_kb } = ran.map_err(|error| format!("{name}: {error}"))?;
        println!("{name}: {rounds} rounds; {warm_kb} kB after {}, {last_kb} kB at the end", load.warm);
        if warm_kb == 0 || last_kb as f64 > warm_kb as f64 * TOLERANCE + SLACK_KB as f64 {
            return Err(format!("{name}: memory grew from {warm_kb} kB to {last_kb} kB"));
        }
    }
    Ok(())
}

fn read_lines(path: &str) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Asks the core in threads of this program, and prints how it went as `soak.c` does.
fn in_core(questions: &[String], answers: &[String], load: Load) -> Result<(), String> {
    let (began, are_warm, warm_kb, all) = (Instant::now(), AtomicUsize::new(0), AtomicU64::new(0), AtomicUsize::new(0));
    let resident = || resident_kb(std::process::id()).unwrap_or_default();
    let ask = || {
        let mut rounds = 0;
        while began.elapsed() < load.duration || rounds <= load.warm {
            for (question, known) in questions.iter().zip(answers) {
                let answer = retriage::answer(question);
                if answer != *known {
                    return Err(format!(
                        "in round {rounds} the core says\n{answer}\nand before\n{known}\nto\n{question}"
                    ));
                }
            }
            rounds += 1;
            if rounds == load.warm && are_warm.fetch_add(1, Ordering::Relaxed) + 1 == THREADS {
                warm_kb.store(resident(), Ordering::Relaxed);
            }
        }
        all.fetch_add(rounds, Ordering::Relaxed);
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(ask)).collect();
        let outcomes: Vec<_> = threads.into_iter().map(|thread| thread.join()).collect();
        outcomes.into_iter().try_for_each(|outcome| outcome.map_err(|_| "a thread panicked".to_owned())?)
    })?;
    println!("{} {} {}", all.into_inner(), warm_kb.into_inner(), resident());
    Ok(())
}

/// How one program did.
struct Ran {
    rounds: usize,
    warm_kb: u64,
    last_kb: u64,
}

/// Runs a program that measures itself, and reads what it prints: the rounds, and the memory in kB.
fn reported(mut command: Command) -> Result<Ran, String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| failed(&command, &error.to_string()))?;
    if !output.status.success() {
        return Err(failed(&command, &output.status.to_string()));
    }
    let told = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<u64> = told.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [rounds, warm_kb, last_kb] => Ok(Ran { rounds: rounds as usize, warm_kb, last_kb }),
        _ => Err(failed(&command, &format!("it printed {told}"))),
    }
}

fn run(program: &Path, questions: &str, load: Load) -> Result<Ran, String> {
    let child = Command::new(program).arg("answer").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("{}: {error}", program.display()))?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("a program has no input or no output".to_owned());
    };
    let (id, asked) = (child.id(), questions.to_owned());
    let asking = thread::spawn(move || ask(input, &asked, load));
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
        if rounds == load.warm {
            warm_kb = last_kb;
        }
    }
    asking.join().map_err(|_| "a thread panicked".to_owned())?;
    let _ = child.wait();
    if rounds <= load.warm {
        return Err(format!("it ended after {rounds} rounds"));
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

/// Asks whole rounds until the time is over and memory has settled.
fn ask(mut input: ChildStdin, questions: &str, load: Load) {
    let (began, mut rounds) = (Instant::now(), 0);
    while (began.elapsed() < load.duration || rounds <= load.warm) && input.write_all(questions.as_bytes()).is_ok() {
        rounds += 1;
    }
}

/// How much memory a process holds.
fn resident_kb(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
