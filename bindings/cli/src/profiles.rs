//! `retriage profiles`: the profiles, and what one of them says.

use std::io::{self, Write};

use clap::Args;
use retriage::Profile;
use retriage::profile::{
    AlertPolicy, Backoff, BudgetPolicy, Exception, HintPolicy, Jitter, ProfileCode, ProfileFailure, Rule, Statuses,
};
use retriage::vocabulary::{
    Charge, Environment, Growth, HintForm, HintNeed, HintUse, InvalidHint, JitterKind, Mode, Over, Select, Trouble,
};

use crate::print::{self, Column, PLAIN, STRONG, Table, WORD, styled};
use crate::values::{Chosen, ProfileParser};
use crate::{Failure, Verdict};

/// List the profiles, which say how clients retry, or show one with its sources.
#[derive(Debug, Args)]
#[command(after_help = "\
With --json a profile is what --profile takes: change it and give it back as @FILE. A profile of your own need only \
say what is different: '{\"extends\":\"got\",\"attempts\":6}'.

Examples:
  retriage profiles
  retriage profiles urllib3
  retriage profiles got --json > mine.json; retriage profiles @mine.json")]
pub(crate) struct Profiles {
    /// The profile to show: its id, @FILE, or JSON that may extend one
    #[arg(value_name = "NAME", value_parser = ProfileParser, hide_possible_values = true)]
    profile: Option<Chosen>,
    /// Print JSON: the profile, or an array of all of them
    #[arg(long)]
    json: bool,
}

impl Profiles {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        match &self.profile {
            // On several lines, for a person to change.
            Some(chosen) if self.json => {
                let json = serde_json::to_string_pretty(chosen.profile()).map_err(io::Error::from)?;
                writeln!(io::stdout().lock(), "{json}")?;
            }
            None if self.json => print::json(&retriage::profiles())?,
            chosen => {
                let mut out = print::page();
                match chosen {
                    Some(chosen) => write(&mut out, chosen)?,
                    None => write_list(&mut out)?,
                }
                out.flush()?;
            }
        }
        Ok(Verdict::Fine)
    }
}

fn write_list(out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new([
        Column::new("PROFILE", WORD),
        Column::right("ATTEMPTS"),
        Column::new("WAITS", PLAIN),
        Column::new("JITTER", PLAIN),
        Column::new("NAME", PLAIN),
    ]);
    for profile in retriage::profiles() {
        table.row([
            profile.id.to_string(),
            profile.attempts.map_or_else(|| "no end".to_owned(), |attempts| attempts.to_string()),
            waits_in_short(&profile.backoff),
            profile.jitter.kind.to_string(),
            profile.name.to_string(),
        ]);
    }
    table.write(out, "", print::terminal_width())
}

/// `1s x 2, at most 30s`, or `5s to 1day` for a schedule.
fn waits_in_short(backoff: &Backoff) -> String {
    let base = print::span(backoff.base_ms);
    let waits = match backoff.growth {
        Growth::Constant => return base.to_string(),
        Growth::Linear => format!("{base} more each time"),
        Growth::Exponential if backoff.base_ms == 0 => return base.to_string(),
        Growth::Exponential => format!("{base} x {}", backoff.factor),
        Growth::Schedule => match (backoff.schedule_ms.first(), backoff.schedule_ms.last()) {
            (Some(first), Some(last)) => format!("{} to {}", print::span(*first), print::span(*last)),
            _ => base.to_string(),
        },
    };
    match backoff.cap_ms {
        Some(cap) => format!("{waits}, at most {}", print::span(cap)),
        None => waits,
    }
}

/// The page of one profile.
fn write(out: &mut impl Write, chosen: &Chosen) -> io::Result<()> {
    let profile = chosen.profile();
    let name = if profile.name.is_empty() { &*profile.id } else { &*profile.name };
    print::paragraph(out, "", STRONG, name)?;
    writeln!(out, "{}", styled(WORD, chosen))?;
    if !profile.about.is_empty() {
        writeln!(out)?;
        print::paragraph(out, "", PLAIN, &profile.about)?;
    }
    part(out, "How often", &how_often(profile))?;
    part(out, "What is tried again", &what(profile))?;
    part(out, "After how long", &how_long(&profile.backoff, profile.jitter))?;
    part(out, "What the server says about time", &hints(&profile.hints))?;
    for exception in profile.exceptions.iter() {
        part(out, "What is different after some failures", &self::exception(exception))?;
    }
    if let Some(budget) = &profile.budget {
        part(out, "The client's own budget for a destination", &self::budget(budget))?;
    }
    if let Some(scope) = profile.scope {
        part(out, "What a delay holds back", &[format!("{scope}: {}", scope.meaning())])?;
    }
    if let Some(alert) = &profile.alert {
        part(out, "Whom a held-up queue is told to", &self::alert(alert))?;
    }
    if let Some(why) = &profile.why {
        part(out, "A judgement", &[why.to_string()])?;
    }
    if !profile.sources.is_empty() {
        part(out, "Sources", &profile.sources.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// A heading and what belongs to it, a line or more each.
fn part(out: &mut impl Write, heading: &str, lines: &[String]) -> io::Result<()> {
    print::heading(out, heading)?;
    lines.iter().try_for_each(|line| {
        let other = if line.starts_with(ITEM) { "    " } else { "  " };
        print::hanging(out, "  ", other, PLAIN, line)
    })
}

/// The mark of a line that is one of several.
const ITEM: &str = "- ";

/// A sentence as a part of another: without its full stop and its capital, unless that belongs to an abbreviation.
fn clause(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            format!("{}{}", first.to_lowercase(), letters.as_str())
        }
        _ => sentence.to_owned(),
    }
}

fn how_often(profile: &Profile) -> Vec<String> {
    let mut lines = vec![match profile.attempts {
        None => "Without end.".to_owned(),
        Some(1) => "Once: there is no retry.".to_owned(),
        Some(attempts) => format!("At most {attempts} attempts, the first included."),
    }];
    if let Some(deadline) = profile.deadline_ms {
        lines.push(format!("No attempt begins {} after the first, or later.", print::span(deadline)));
    }
    lines
}

fn what(profile: &Profile) -> Vec<String> {
    let mut lines = Vec::new();
    match profile.select {
        Select::Words => {
            lines.push("What the classification's `retry` allows.".to_owned());
            lines.push(if profile.repeats_unsafe {
                "What may have taken effect too, whether repeating it is safe or not.".to_owned()
            } else {
                "What may have taken effect only where repeating it is known to be safe.".to_owned()
            });
        }
        Select::Sets => {
            lines.push("Its own sets, whether repeating is safe or not. One that holds is enough:".to_owned());
            lines.extend(profile.rules.iter().map(|rule| format!("{ITEM}{}", self::rule(rule))));
        }
    }
    if let Some(header) = &profile.decisive_header {
        lines.push(format!("The header {header} decides before them: true tries again, false stops."));
    }
    if let Some(header) = &profile.refusing_header {
        lines.push(format!("Nothing that carries the header {header}."));
    }
    let environments: Vec<_> = Environment::ALL.iter().filter(|word| profile.retries_in(**word)).collect();
    if environments.len() < Environment::ALL.len() {
        lines.push(format!("Only in {}.", list(&environments)));
    }
    let modes: Vec<_> = Mode::ALL.iter().filter(|word| profile.retries_sent(**word)).collect();
    if modes.len() < Mode::ALL.len() {
        lines.push(format!("Only what is sent {}, or isn't said to be sent otherwise.", list(&modes)));
    }
    lines
}

/// `one, two, three`.
fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `4xx`, `429`, `400 to 404`.
fn statuses(statuses: &[Statuses]) -> String {
    let parts = statuses.iter().map(|Statuses { from, to }| match to - from {
        0 => from.to_string(),
        99 if from % 100 == 0 => format!("{}xx", from / 100),
        _ if *to == u16::MAX => format!("{from} and above"),
        _ => format!("{from} to {to}"),
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn failures(failures: &[ProfileFailure]) -> String {
    let names = failures.iter().map(|failure| match failure {
        ProfileFailure::Kind(kind) => {
            format!("{kind} ({})", clause(kind.meaning()))
        }
        ProfileFailure::Name(name) => name.to_string(),
    });
    names.collect::<Vec<_>>().join(", ")
}

/// What a rule holds of.
fn rule(rule: &Rule) -> String {
    let mut parts = Vec::new();
    if !rule.statuses.is_empty() {
        parts.push(format!("status {}", statuses(&rule.statuses)));
    }
    if !rule.codes.is_empty() {
        let codes = rule.codes.iter().map(|code| match code {
            ProfileCode::Number(number) => number.to_string(),
            ProfileCode::Name(name) => name.to_string(),
        });
        parts.push(format!("code {}", list(&codes.collect::<Vec<_>>())));
    }
    if !rule.failures.is_empty() {
        parts.push(format!("failure {}", failures(&rule.failures)));
    }
    if !rule.entries.is_empty() {
        parts.push(format!("entry {}", list(&rule.entries)));
    }
    if let Some(found) = rule.found {
        parts.push(format!("an entry found by {found}"));
    }
    if !rule.not_failures.is_empty() {
        parts.push(format!("but not {}", failures(&rule.not_failures)));
    }
    if !rule.methods.is_empty() {
        parts.push(format!("on {}", list(&rule.methods)));
    }
    if !rule.not_methods.is_empty() {
        parts.push(format!("on any method but {}", list(&rule.not_methods)));
    }
    parts.push(
        match rule.hint {
            HintNeed::None => "",
            HintNeed::Present => "beside a hint, whatever it says",
            HintNeed::Valid => "beside a hint that says something",
            HintNeed::Positive => "beside a hint that asks for some time",
        }
        .to_owned(),
    );
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

fn how_long(backoff: &Backoff, jitter: Jitter) -> Vec<String> {
    let mut lines = vec![waits(backoff)];
    lines.extend(chance(jitter).map(|chance| format!("Chance makes {chance}.")));
    if jitter.capped && jitter.kind != JitterKind::None {
        lines.push("That is cut to the longest wait.".to_owned());
    }
    lines
}

/// The waits before chance changes them.
fn waits(backoff: &Backoff) -> String {
    let base = print::span(backoff.base_ms);
    let mut text = match backoff.growth {
        _ if backoff.growth != Growth::Schedule && backoff.base_ms == 0 => return "No wait.".to_owned(),
        Growth::Constant => format!("{base} each time"),
        Growth::Linear => format!("{base}, and {base} more each time"),
        Growth::Exponential => format!("{base}, times {} each time", backoff.factor),
        Growth::Schedule => {
            let waits: Vec<String> = backoff.schedule_ms.iter().map(|ms| print::span(*ms).to_string()).collect();
            format!("{}, and then the last of these each time", waits.join(", "))
        }
    };
    if let Some(cap) = backoff.cap_ms {
        text += &format!(", at most {}", print::span(cap));
    }
    if let Some(first) = backoff.first_ms {
        text += &format!("; before the first retry {}", print::span(first));
    }
    text + "."
}

/// What chance makes of a wait `d`, where it does anything.
fn chance(jitter: Jitter) -> Option<String> {
    let ratio = jitter.ratio;
    Some(match jitter.kind {
        JitterKind::None => return None,
        JitterKind::Full => "it anything from nothing to the whole".to_owned(),
        JitterKind::Equal => "it anything from half to the whole".to_owned(),
        JitterKind::Additive if jitter.ms > 0 => format!("it up to {} longer", print::span(jitter.ms)),
        JitterKind::Additive => format!("it up to {} longer", share(ratio)),
        JitterKind::Subtractive => format!("it up to {} shorter", share(ratio)),
        JitterKind::Symmetric => format!("it up to {} shorter or longer", share(ratio)),
        JitterKind::Decorrelated => "it anything from the first wait to three times the last one".to_owned(),
    })
}

/// `20 %`, with one decimal where it isn't whole.
fn share(ratio: f64) -> String {
    let text = format!("{:.1}", ratio * 100.0);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

fn hints(policy: &HintPolicy) -> Vec<String> {
    let mut lines = Vec::new();
    if policy.classified {
        lines.push("The hint of the classification counts.".to_owned());
    } else if policy.from.is_empty() {
        return vec!["Counts for nothing.".to_owned()];
    } else {
        lines.push("These headers count, the first before the next:".to_owned());
        for from in policy.from.iter() {
            let forms = from.forms.iter().map(|form| clause(form.meaning()));
            let mut line = format!("{ITEM}{}: {}", from.header, forms.collect::<Vec<_>>().join("; or "));
            if from.forms.contains(&HintForm::SecondsOrEpoch) {
                line += &format!("; the bound is {}", from.epoch_from);
            }
            if from.single {
                line += "; two of it mean nothing";
            }
            lines.push(line);
        }
        lines.push(match policy.invalid {
            InvalidHint::Next => "Where one can't be read the next is asked.".to_owned(),
            InvalidHint::Hide => "Where one can't be read no further one is asked.".to_owned(),
        });
    }
    if !policy.statuses.is_empty() {
        lines.push(format!("Only beside status {}.", statuses(&policy.statuses)));
    }
    if policy.ignore_zero {
        lines.push("No time at all counts as nothing said.".to_owned());
    }
    if policy.past_ms > 0 {
        lines.push(format!("A date in the past comes to {}.", print::span(policy.past_ms)));
    }
    if let Some(limit) = policy.limit_ms {
        let limit = print::span(limit);
        lines.push(match policy.over {
            Over::Cap => format!("Of more than {limit}, {limit} are waited."),
            Over::Stop => format!("More than {limit} ends the attempts."),
            Over::Ignore => format!("More than {limit} counts for nothing."),
        });
    }
    lines.push(match policy.using {
        HintUse::Replace => "It takes the place of the wait.".to_owned(),
        HintUse::Floor => "It is the least that is waited.".to_owned(),
        HintUse::Clamp => {
            let more = print::span(policy.clamp_ms);
            match (policy.clamp_times, policy.clamp_ms) {
                (1.0, _) => format!("It counts between the wait and {more} more."),
                (times, 0) => format!("It counts between the wait and {times} times the wait."),
                (times, _) => format!("It counts between the wait and {times} times the wait and {more} more."),
            }
        }
    });
    match policy.jitter {
        Some(jitter) => lines.extend(chance(jitter).map(|chance| format!("Chance makes {chance}."))),
        None => lines.push("Chance changes it as it does a wait.".to_owned()),
    }
    if policy.restarts {
        lines.push("The waits start over after it.".to_owned());
    }
    lines
}

fn exception(exception: &Exception) -> Vec<String> {
    let mut lines: Vec<String> = exception.when.iter().map(|when| format!("{ITEM}{}", rule(when))).collect();
    lines.extend(exception.backoff.as_ref().map(|backoff| format!("The wait is {}", clause(&waits(backoff)) + ".")));
    lines.extend(exception.floor_ms.map(|floor| format!("The wait is at least {}.", print::span(floor))));
    lines.extend(exception.cost.map(|cost| format!("A retry costs {cost}.")));
    lines.extend(exception.scope.map(|scope| format!("A delay holds back {scope}: {}", clause(scope.meaning()) + ".")));
    lines
}

fn budget(policy: &BudgetPolicy) -> Vec<String> {
    let BudgetPolicy { capacity, cost, charge, threshold, refund, idle_refund } = policy;
    vec![
        match charge {
            Charge::Retry => {
                format!("It holds {capacity} tokens; a retry costs {cost}, and without them there is none.")
            }
            Charge::Failure => {
                format!(
                    "It holds {capacity} tokens; a failure costs {cost}, and at {threshold} or below there is no retry."
                )
            }
        },
        match refund {
            None => format!("A success gives back what its last retry cost, or {idle_refund} without a retry."),
            Some(refund) => format!("A success gives back {refund}, or {idle_refund} without a retry."),
        },
    ]
}

fn alert(policy: &AlertPolicy) -> Vec<String> {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let troubles = [(policy.refused, Trouble::Refused), (policy.unanswered, Trouble::Unanswered)];
    let after = troubles.iter().filter(|(alerts, _)| *alerts).map(|(_, trouble)| trouble.meaning());
    vec![
        format!("An alert opens when {} wait, the failed message included.", policy.depth),
        after.collect::<Vec<_>>().join(" "),
        format!("It goes out from {} to {} in {}.", clock(policy.opens), clock(policy.closes), policy.zone),
    ]
}
