//! The libraries' clocks: seconds since 1970 as a clock on the wall shows them, in New York.

use jiff::civil::DateTime;

pub type Clock = i64;

pub const DAY: Clock = 86_400;

/// The first night's day: 1 June 2026.
pub const BEGIN: Clock = 20_605 * DAY;

/// As a cell has it.
pub fn cell(clock: Clock) -> String {
    let (day, second) = (clock.div_euclid(DAY), clock.rem_euclid(DAY));
    let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
    let time = DateTime::from_parts(date, jiff::civil::time(0, 0, 0, 0)).checked_add(jiff::Span::new().seconds(second));
    time.unwrap().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// As a statement has it.
pub fn written(clock: Clock) -> String {
    format!("'{}'", cell(clock))
}

/// The night that begins a day, counted from the first one.
pub fn night(day: i64) -> String {
    at(day, "02:00:00")
}

pub fn half_an_hour_later(day: i64) -> String {
    at(day, "02:30:00")
}

fn at(day: i64, time: &str) -> String {
    let date = cell(BEGIN + day * DAY);
    format!("{}T{time}-04:00", date.split(' ').next().unwrap())
}
