//! `retriage answer`: the wire form, a question a line in, an answer a line out.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use retriage::{Error, Question};
use serde::Serialize;

use crate::input::{self, Block, Blocks, Line};
use crate::{Failure, Verdict, loaded, print};

/// Answer questions of the wire form, one JSON object a line, in their order.
#[derive(Debug, Args)]
#[command(after_help = "\
Each line is one question, and each gets one line: {\"classification\":…}, {\"entry\":…}, {\"limits\":…}, or, where it \
can't be answered, {\"error\":{\"kind\",\"message\",\"at\",\"line\"}}, after which the rest goes on. Blank lines are \
passed over. A line may have 16 MiB; a longer one is answered with the error too_large and isn't held in memory. \
Answers are written as soon as the input pauses. Input packed with gzip is unpacked.

Exit status: 0 if every line was answered, 1 if one was not or the input could not be read, 2 for wrong usage.

Examples:
  echo '{\"catalog\":\"updox\",\"status\":200,\"body\":\"{\\\"responseCode\\\":4651}\"}' | retriage answer
  retriage answer questions.ndjson > answers.ndjson")]
pub(crate) struct Answer {
    /// The questions, or - for standard input
    #[arg(default_value = input::STDIN)]
    file: PathBuf,
}

/// How much is read at once: what a pipe holds.
const READ: usize = 1 << 16;

impl Answer {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        let unreadable = |error: io::Error| {
            print::complain(format_args!("{}: {error}", self.file.display()));
            Verdict::BadInput
        };
        let input = match input::open(&self.file).and_then(input::unpacked) {
            Ok(input) => input,
            Err(error) => return Ok(unreadable(error)),
        };
        let mut out = BufWriter::with_capacity(READ, io::stdout().lock());
        let mut blocks = Blocks::new(input, READ);
        let mut block = Block::default();
        let mut verdict = Verdict::Fine;
        loop {
            // Reading may wait, and whoever asked should not wait for more questions to come.
            out.flush()?;
            match blocks.fill(&mut block) {
                Ok(true) => {}
                Ok(false) => return Ok(verdict),
                Err(error) => return Ok(unreadable(error)),
            }
            for (number, line) in block.lines() {
                let answer = answer(line).unwrap_or_else(|error| {
                    verdict = Verdict::BadInput;
                    BadLine { error: Numbered { error, line: number } }.to_json()
                });
                out.write_all(answer.as_bytes())?;
                out.write_all(b"\n")?;
            }
        }
    }
}

fn answer(line: Line<'_>) -> Result<String, Error> {
    Question::parse_in(loaded::registry(), line.text()?)?.answer()
}

/// The wire form's error, with the line it came from.
#[derive(Serialize)]
struct BadLine {
    error: Numbered,
}

#[derive(Serialize)]
struct Numbered {
    #[serde(flatten)]
    error: Error,
    line: u64,
}

impl BadLine {
    fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
