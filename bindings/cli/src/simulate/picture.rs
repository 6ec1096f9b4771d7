//! What the plot in a terminal and the SVG both show: a row for each attempt along one axis of time.

use crate::timeline::{Step, Timeline};
use crate::values::Chosen;
use crate::{decision, print};

/// An attempt: it begins, it ends, and then there is a wait or nothing more.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) began_ms: u64,
    pub(super) ended_ms: u64,
    /// When the next attempt begins.
    pub(super) next_ms: Option<u64>,
    /// The wait, roughly, or what there is in its place.
    pub(super) label: String,
}

/// The attempts, with what a reader needs to be told about them.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    title: String,
    subject: String,
    summary: String,
    rows: Vec<Row>,
    axis: Axis,
}

impl Picture {
    pub(super) fn new(profile: &Chosen, subject: String, timeline: &Timeline<'_>) -> Self {
        let rows: Vec<Row> = timeline.steps().iter().map(|step| row(timeline, step)).collect();
        let axis = Axis::of(&rows);
        let last = timeline.last();
        let count = print::plural(timeline.steps().len(), "attempt", "attempts");
        let elapsed = print::span(last.attempt.elapsed_ms);
        let summary = match last.wait_ms() {
            Some(wait) => format!("{count} in {elapsed}; there would be another after {}.", print::span(wait)),
            None => format!("{count} in {elapsed}, then {}", decision::in_short(&last.decision)),
        };
        Self { title: format!("When {profile} tries again"), subject, summary, rows, axis }
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// What is tried again.
    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    /// How often, how long, and how it ends.
    pub(super) fn summary(&self) -> &str {
        &self.summary
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(super) fn axis(&self) -> &Axis {
        &self.axis
    }
}

fn row(timeline: &Timeline<'_>, step: &Step<'_>) -> Row {
    let ended_ms = step.attempt.elapsed_ms;
    let wait = step.wait_ms();
    Row {
        number: step.attempt.number,
        began_ms: timeline.began_ms(step),
        ended_ms,
        next_ms: wait.map(|wait| ended_ms.saturating_add(wait)),
        label: match wait {
            Some(wait) => print::rough(wait),
            None => step.decision.action.to_string(),
        },
    }
}

/// Time since the first attempt began, as a line from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    end_ms: u64,
    /// Where it is logarithmic: the shortest wait, below which it is nearly linear.
    unit_ms: Option<u64>,
}

/// A wait that takes less than one part of so many is hard to see.
const PARTS: u64 = 60;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The distances at which a linear axis has its ticks, but for larger ones by tens.
const STEPS: [u64; 34] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    5 * DAY,
    10 * DAY,
    20 * DAY,
    50 * DAY,
    100 * DAY,
    365 * DAY,
];

/// Where a logarithmic axis has its ticks, but for later ones by tens.
const MARKS: [u64; 14] = [
    1,
    10,
    100,
    SECOND,
    10 * SECOND,
    MINUTE,
    10 * MINUTE,
    HOUR,
    6 * HOUR,
    DAY,
    7 * DAY,
    30 * DAY,
    365 * DAY,
    3_650 * DAY,
];

impl Axis {
    fn of(rows: &[Row]) -> Self {
        let end_ms = rows.last().map_or(0, |row| row.next_ms.unwrap_or(row.ended_ms));
        let starts = rows.iter().map(|row| row.began_ms).chain([end_ms]);
        let mut gaps: Vec<u64> = starts
            .clone()
            .zip(starts.skip(1))
            .map(|(one, next)| next.saturating_sub(one))
            .filter(|gap| *gap > 0)
            .collect();
        gaps.sort_unstable();
        let hidden = gaps.iter().take_while(|gap| **gap < end_ms / PARTS).count();
        // One short wait among long ones is chance; several are the shape.
        let is_log = hidden > 1 && hidden * 4 > gaps.len();
        Self { end_ms, unit_ms: gaps.first().copied().filter(|_| is_log) }
    }

    /// Whether it is a point: no time passes.
    pub(super) fn is_empty(&self) -> bool {
        self.end_ms == 0
    }

    /// Where a time is on the axis, from 0 to 1.
    pub(super) fn place(&self, ms: u64) -> f64 {
        if self.is_empty() {
            return 0.0;
        }
        match self.unit_ms {
            Some(unit) => {
                let log = |ms: u64| (ms as f64 / unit as f64).ln_1p();
                log(ms) / log(self.end_ms)
            }
            None => ms as f64 / self.end_ms as f64,
        }
    }

    /// The times to be marked, the first at 0: at most so many, and on a logarithmic axis those that stand at least
    /// this far apart.
    pub(super) fn ticks(&self, most: usize) -> Vec<u64> {
        let most = most.max(1);
        let Some(unit) = self.unit_ms else {
            let parts = |step: u64| usize::try_from(self.end_ms / step).unwrap_or(usize::MAX);
            let tens = std::iter::successors(Some(1_000 * DAY), |step| step.checked_mul(10));
            let step = STEPS.into_iter().chain(tens).find(|step| parts(*step) < most).unwrap_or(u64::MAX);
            return (0..=self.end_ms / step).map(|count| count * step).collect();
        };
        let mut ticks = vec![0];
        let tens = std::iter::successors(Some(36_500 * DAY), |mark| mark.checked_mul(10));
        for mark in MARKS.into_iter().chain(tens).skip_while(|mark| *mark < unit / 2) {
            if mark > self.end_ms {
                break;
            }
            let apart = self.place(mark) - self.place(ticks.last().copied().unwrap_or(0));
            if apart * most as f64 >= 1.0 {
                ticks.push(mark);
            }
        }
        ticks
    }

    /// What it shows.
    pub(super) fn caption(&self) -> &'static str {
        match self.unit_ms {
            Some(_) => "Time since the first attempt began, on a logarithmic scale",
            None => "Time since the first attempt began",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Axis, DAY, HOUR, MINUTE, Row, SECOND};

    fn axis(waits: &[u64]) -> Axis {
        let mut began_ms = 0;
        let rows: Vec<Row> = (1..)
            .zip(waits)
            .map(|(number, wait)| {
                let next_ms = began_ms + wait;
                let row = Row { number, began_ms, ended_ms: began_ms, next_ms: Some(next_ms), label: String::new() };
                began_ms = next_ms;
                row
            })
            .collect();
        Axis::of(&rows)
    }

    #[test]
    fn the_scale_is_logarithmic_where_the_range_asks_for_it() {
        assert_eq!(axis(&[SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND]).unit_ms, None);
        // Full jitter gives one short wait now and then.
        assert_eq!(axis(&[10, 2 * SECOND, 4 * SECOND, 8 * SECOND]).unit_ms, None);
        assert_eq!(axis(&[0, 0, 0]).unit_ms, None);
        let days = axis(&[5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, DAY]);
        assert_eq!(days.unit_ms, Some(5 * SECOND));
    }

    #[test]
    fn places_and_ticks_go_from_0_to_the_end() {
        for axis in [
            axis(&[SECOND, 2 * SECOND, 4 * SECOND]),
            axis(&[5 * SECOND, 5 * MINUTE, 2 * HOUR, DAY]),
            axis(&[1, 1, retriage::MOST_MS]),
            axis(&[retriage::MOST_MS; 3]),
        ] {
            assert_eq!(axis.place(0), 0.0);
            assert_eq!(axis.place(axis.end_ms), 1.0);
            for most in [1, 4, 9] {
                let ticks = axis.ticks(most);
                assert_eq!(ticks.first(), Some(&0));
                assert!(ticks.len() <= most + 1, "{most}: {ticks:?}");
                assert!(ticks.is_sorted() && ticks.iter().all(|tick| *tick <= axis.end_ms), "{ticks:?}");
            }
        }
        assert_eq!(axis(&[]).place(0), 0.0);
        assert_eq!(axis(&[0]).ticks(5), [0]);
        assert_eq!(
            axis(&[SECOND, 2 * SECOND, 4 * SECOND]).ticks(9),
            [0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000]
        );
        assert_eq!(axis(&[SECOND, 2 * SECOND, 4 * SECOND]).ticks(4), [0, 2_000, 4_000, 6_000]);
    }
}
