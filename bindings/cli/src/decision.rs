//! A decision in words: what to do, what decided, and the steps that led there.

use std::io::{self, Write};

use retriage::vocabulary::{Action, Weighed};
use retriage::{Attempt, Decision, Finding, Weighing};

use crate::print::{self, PLAIN, QUIET};

/// Whether chance had a part in it.
pub(crate) fn is_by_chance(decision: &Decision<'_>) -> bool {
    decision.because.iter().any(|(step, _)| step == Weighed::Jitter)
}

/// Which number was drawn, and how to have it again.
pub(crate) fn drawn(random: f64) -> String {
    format!("The random number {random} was drawn for the jitter; --random {random} gives the same decision again.")
}

/// What to do and why, as the end of a page.
pub(crate) fn write(
    out: &mut impl Write,
    attempt: &Attempt<'_>,
    decision: &Decision<'_>,
    drawn: Option<f64>,
) -> io::Result<()> {
    let span = |ms: u64| (print::span(ms).to_string(), format!("{ms} ms from when the answer came."));
    let (delay, not_before) = (decision.delay_ms.map(span), decision.not_before_ms.map(span));
    let mut rows = vec![("What to do", decision.action.as_str(), decision.action.meaning())];
    if let Some((span, ms)) = &delay {
        rows.push(("After", span, ms));
        rows.push(("The delay holds", decision.scope.as_str(), decision.scope.meaning()));
    }
    if let Some((span, ms)) = &not_before {
        rows.push(("Not before", span, ms));
    }
    rows.push(("Decided by", decision.cause.as_str(), decision.cause.meaning()));
    if let Some(look_at) = decision.look_at {
        rows.push(("Look at", "", look_at));
    }
    print::meanings(out, &rows)?;
    if let Some(drawn) = drawn {
        print::paragraph(out, "  ", QUIET, &self::drawn(drawn))?;
    }
    if let Some(next) = next(attempt, decision) {
        let text = format!("For the attempt after that, with the time it takes added to --elapsed: {next}");
        print::paragraph(out, "  ", QUIET, &text)?;
    }
    print::heading(out, "Weighed, in this order")?;
    for (place, (step, found)) in decision.because.iter().enumerate() {
        let number = format!("{:>3}. ", place + 1);
        print::hanging(out, &number, "     ", PLAIN, &step_in_words(step, found, attempt))?;
    }
    Ok(())
}

/// The arguments that the next attempt's decision needs besides those of this one; `None` where there is none.
fn next(attempt: &Attempt<'_>, decision: &Decision<'_>) -> Option<String> {
    let wait = match decision.action {
        Action::Retry => decision.delay_ms?,
        Action::Reauthenticate => 0,
        Action::Done | Action::Verify | Action::Follow | Action::Stop => return None,
    };
    let elapsed = attempt.elapsed_ms.saturating_add(wait);
    let mut arguments = format!("--attempt {} --elapsed {elapsed}", attempt.number.saturating_add(1));
    let json = |value: serde_json::Result<String>| value.ok().filter(|json| json != "{}" && json != "null");
    if let Some(state) = json(serde_json::to_string(&decision.state)) {
        arguments += &format!(" --state '{state}'");
    }
    if let Some(budget) = json(serde_json::to_string(&decision.budget)) {
        arguments += &format!(" --budget '{budget}'");
    }
    Some(arguments)
}

/// What a step weighed and what it found, in a sentence or two.
fn step_in_words(step: Weighed, found: Finding, attempt: &Attempt<'_>) -> String {
    let weighed = step.meaning().trim_end_matches('.');
    match (found, found.meaning(step)) {
        (Finding::Nothing, _) => format!("{weighed}."),
        (Finding::Word(word), Some(meaning)) => format!("{weighed}: {word}. {meaning}"),
        (Finding::Word(word), None) => format!("{weighed}: {word}."),
        (Finding::Number(number), _) => match step {
            Weighed::Attempts => format!("{weighed}: this was number {} of {number}.", attempt.number),
            Weighed::Deadline => {
                format!("{weighed}: {}; {} had passed.", print::exact(number), print::exact(attempt.elapsed_ms))
            }
            Weighed::Budget => format!("{weighed}: {} were left.", tokens(number)),
            _ => format!("{weighed}: {}.", print::exact(number)),
        },
    }
}

/// The waits that were weighed, in order, in a few words: `hint 2s, jitter 2s 310ms`.
fn waits(because: &Weighing) -> String {
    let waits = because.iter().filter_map(|(step, found)| match (step, found) {
        (
            Weighed::Hint | Weighed::Window | Weighed::Floor | Weighed::Backoff | Weighed::Jitter,
            Finding::Number(ms),
        ) => Some(format!("{step} {}", print::span(ms))),
        (Weighed::Hint | Weighed::Limit, Finding::Word(word)) => Some(format!("{step} {word}")),
        _ => None,
    });
    waits.collect::<Vec<_>>().join(", ")
}

/// What came after an attempt and why, in one line: the waits that were weighed, or what else there is to do.
pub(crate) fn in_short(decision: &Decision<'_>) -> String {
    match decision.action {
        Action::Retry => waits(&decision.because),
        action => format!("{action} ({}): {}", decision.cause, decision.cause.meaning()),
    }
}

/// Thousandths of tokens as a number of tokens.
fn tokens(thousandths: u64) -> String {
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    let fraction = format!("{rest:03}");
    match fraction.trim_end_matches('0') {
        "" => print::plural(usize::try_from(whole).unwrap_or(usize::MAX), "token", "tokens"),
        fraction => format!("{whole}.{fraction} tokens"),
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn tokens_are_counted_in_thousandths() {
        assert_eq!(tokens(500_000), "500 tokens");
        assert_eq!(tokens(1_000), "1 token");
        assert_eq!(tokens(9_500), "9.5 tokens");
        assert_eq!(tokens(90), "0.09 tokens");
        assert_eq!(tokens(0), "0 tokens");
    }
}
