//! Days and seconds: what is needed to read a date, and no time zone.

/// Whether the day exists in the (proleptic) Gregorian calendar; years 1 to 9999.
pub(crate) const fn is_date(year: i64, month: i64, day: i64) -> bool {
    year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month)
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day that [`is_date`]; negative before it.
///
/// The year begins in March here, so that the leap day is its last; an era is 400 years, 146,097 days.
pub(crate) const fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The year of a day counted from 1970-01-01.
pub(crate) const fn year_of_days(days: i64) -> i64 {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    // Around the first of March this is a day or two off, which the last line makes up for.
    let year_of_era = day_of_era * 400 / 146_097;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // January and February belong to the year that began in March before.
    era * 400 + year_of_era + (day_of_year >= 306) as i64
}

/// The day of the week of a day counted from 1970-01-01: 0 is Monday.
pub(crate) const fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7)
}
