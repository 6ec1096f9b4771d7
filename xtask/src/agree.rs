//! Every face of the core gives the core's own answers, to questions that nobody wrote: the vectors, spoiled and mixed.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::project::{Project, run};
use crate::steps::Outcome;
use crate::{Task, c, python};

/// The command about it.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "agree",
    arguments: "[--cases N]",
    about: "Asks the core and every face of it 100,000 made-up questions, or so many, and compares each answer. Needs what \
            the steps c, python and npm have built.",
    run: |project, arguments| {
        let cases = match arguments {
            [] => CASES,
            [option, cases] if option == "--cases" => {
                cases.parse().map_err(|_| "--cases takes a whole number".to_owned())?
            }
            _ => return Err("it takes --cases N and nothing else".to_owned()),
        };
        agree(project, cases)
    },
}];

/// Where the step npm installs the package, below the target folder.
const NPM_PACKAGE: &str = "npm/consumers/node_modules/retriage";
/// How many questions are asked.
const CASES: usize = 100_000;
/// How many in the tests.
const CASES_IN_TESTS: usize = 5_000;

/// The step: the short form of it.
pub(crate) fn step(project: &mut Project) -> Outcome {
    agree(project, CASES_IN_TESTS)?;
    Ok(Some(format!("{CASES_IN_TESTS} questions")))
}

fn agree(project: &Project, cases: usize) -> Result<(), String> {
    // Said before anything is asked.
    python::check_built()?;
    let package = project.target().join(NPM_PACKAGE);
    if !package.is_dir() {
        return Err(format!("{} is not there: build the npm package with `cargo xtask test npm`", package.display()));
    }
    let folder = project.target().join("agree");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let (questions, answers) = (folder.join("questions.ndjson"), folder.join("answers.ndjson"));
    let asked = Questions::of(project)?.make(cases);
    let answered: Vec<String> = asked.iter().map(|question| retriage::answer(question)).collect();
    let refused = answered.iter().filter(|answer| answer.starts_with("{\"error\"")).count();
    for (path, lines) in [(&questions, &asked), (&answers, &answered)] {
        fs::write(path, lines.join("\n") + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
    }
    println!("{cases} questions, {refused} of them refused by the core");
    let files = [questions.as_os_str(), answers.as_os_str()];
    command_line(project, &asked, &answered)?;
    c::agree(project, files)?;
    python::agree(project, files)?;
    let mut node = Command::new("node");
    run(node.arg(project.root().join("bindings/wasm/tests/agree.mjs")).args(files).stdin(Stdio::null()))
}

/// The command line says the same, but for the number of the line that it adds to an error.
fn command_line(project: &Project, asked: &[String], answered: &[String]) -> Result<(), String> {
    let path = project.target().join("agree/answerable.ndjson");
    let good = || asked.iter().zip(answered).filter(|(_, answer)| !answer.starts_with("{\"error\""));
    let lines: String = good().flat_map(|(question, _)| [question, "\n"]).collect();
    fs::write(&path, lines).map_err(|error| format!("{}: {error}", path.display()))?;
    let path = path.to_string_lossy();
    let told = project.read_cargo(&["run", "--quiet", "--package", "retriage-cli", "--", "answer", &path])?;
    let mut compared = 0;
    for (told, (question, answer)) in told.lines().zip(good()) {
        if told != answer {
            return Err(format!("the command line says\n{told}\nand the core\n{answer}\nto\n{question}"));
        }
        compared += 1;
    }
    if compared != good().count() {
        return Err(format!("the command line answered {compared} of {} questions", good().count()));
    }
    println!("the command line agrees in {compared}");
    Ok(())
}

/// The questions of the vectors, and the values that stand in them, by the field.
struct Questions {
    questions: Vec<Value>,
    values: Vec<(String, Value)>,
}

impl Questions {
    fn of(project: &Project) -> Result<Self, String> {
        let (mut questions, mut values) = (Vec::new(), Vec::new());
        for (_, mut case) in project.cases()? {
            if let Some(members) = case["question"].as_object() {
                values.extend(members.iter().map(|(name, value)| (name.clone(), value.clone())));
                questions.push(case["question"].take());
            }
        }
        Ok(Self { questions, values })
    }

    /// So many questions, each one of the vectors with up to four members put in, taken out or spoiled. The same ones
    /// every time.
    fn make(&self, cases: usize) -> Vec<String> {
        let mut chance = Chance(0x2545_F491_4F6C_DD1D);
        (0..cases)
            .map(|_| {
                let mut question = self.questions[chance.below(self.questions.len())].clone();
                for _ in 0..chance.below(5) {
                    self.change(&mut question, &mut chance);
                }
                question.to_string()
            })
            .collect()
    }

    fn change(&self, question: &mut Value, chance: &mut Chance) {
        let Some(members) = question.as_object_mut() else { return };
        match chance.below(4) {
            // A member of another question.
            0 | 1 => {
                let (name, value) = &self.values[chance.below(self.values.len())];
                members.insert(name.clone(), value.clone());
            }
            2 => {
                let names: Vec<String> = members.keys().cloned().collect();
                if let Some(name) = names.get(chance.below(names.len().max(1))) {
                    members.remove(name);
                }
            }
            _ => {
                let names: Vec<String> = members.keys().cloned().collect();
                let Some(value) = names.get(chance.below(names.len().max(1))).and_then(|name| members.get_mut(name))
                else {
                    return;
                };
                *value = match &*value {
                    Value::Number(number) => json!(number.as_i64().unwrap_or(7) + chance.below(9) as i64 - 4),
                    Value::String(text) => {
                        let cut: String = text.chars().take(chance.below(text.chars().count() + 1)).collect();
                        json!(cut)
                    }
                    Value::Bool(truth) => json!(!truth),
                    _ => json!(null),
                };
            }
        }
    }
}

/// A fixed series of numbers that look like chance (xorshift64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}
