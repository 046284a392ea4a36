//! How databases and office programs write a moment.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A form, as its name; the first patterns are jiff's own, the last are said in words here.
pub const FORMS: [&str; 30] = [
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.123Z",
    "%Y-%m-%d %H:%M:%S.123456789",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%m/%d/%Y",
    "%-m/%-d/%Y %-H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%-m/%-d/%y %-I:%M %p",
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%-d/%-m/%Y %-H:%M",
    "%d/%m/%y %H:%M",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%-d.%-m.%Y %H:%M",
    "%-d.%-m.%Y klo %-H.%M",
    "%d-%b-%y",
    "%d-%b-%y %I.%M.%S.000000 %p",
    "%b %e %Y %-I:%M%p",
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d %H:%M:%S%:z",
    "epoch",
    "epoch-ms",
    "excel",
];

const ENGLISH: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What the months are called for short, where that isn't as in English.
fn months(language: &str) -> [&'static str; 12] {
    match language {
        "German" => ["JAN", "FEB", "MRZ", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ"],
        "French" => ["janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"],
        "Spanish" => ["ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC"],
        "Portuguese" => ["JAN", "FEV", "MAR", "ABR", "MAI", "JUN", "JUL", "AGO", "SET", "OUT", "NOV", "DEZ"],
        "Dutch" => ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
        "Italian" => ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
        _ => ENGLISH,
    }
}

/// A moment of UTC in one of the forms.
pub fn written(form: &str, language: &str, moment: DateTime) -> String {
    let zoned = moment.to_zoned(TimeZone::UTC).unwrap();
    let seconds = zoned.timestamp().as_second();
    match form {
        "epoch" => return seconds.to_string(),
        "epoch-ms" => return (seconds * 1000 + 5).to_string(),
        "excel" => {
            let days = seconds as f64 / 86_400.0 + 25_569.0;
            return format!("{days:.6}");
        }
        _ => {}
    }
    let form = form.replace("%b", months(language)[moment.month() as usize - 1]);
    jiff::fmt::strtime::format(&form, &zoned).unwrap()
}
