use super::*;
use crate::pass::coded::Head;
use crate::words::{NeedSet, PatronNumber, ReasonSet, TransactionId};

fn requests(session: bool) -> Requests {
    Requests {
        url: 0,
        status: 1,
        session: session.then_some(2),
        counts: vec![b"200".to_vec()],
        furniture: vec![b".css".to_vec(), b".png".to_vec()],
        platform: Some(0),
        seed: foldhash::quality::RandomState::default(),
    }
}

#[test]
fn a_url_stands_alone_or_in_a_requests_first_line() {
    let cases = [
        ("https://a.org/x", "https://a.org/x"),
        ("GET https://a.org/x HTTP/1.1", "https://a.org/x"),
        ("GET https://a.org/a b HTTP/1.0", "https://a.org/a b"),
        ("GET /x", "/x"),
        ("CONNECT a.org:443 HTTP/1.1", "a.org:443"),
        ("https://a.org/a b", "https://a.org/a b"),
        (" https://a.org/", " https://a.org/"),
        ("GET ", ""),
        ("", ""),
    ];
    for (cell, expected) in cases {
        assert_eq!(String::from_utf8_lossy(url(cell.as_bytes())), expected, "{cell}");
    }
}

#[test]
fn furniture_is_told_by_the_end_of_the_path() {
    let cases = [
        ("https://a.org/x.css", true),
        ("https://a.org/x.PNG?size=3", true),
        ("https://a.org/x.png#top", true),
        ("https://a.org/x.pdf", false),
        ("https://a.org/?next=x.css", false),
        ("https://a.org/css", false),
        (".css", true),
        ("", false),
    ];
    for (url, expected) in cases {
        assert_eq!(requests(false).is_furniture(url.as_bytes()), expected, "{url}");
    }
}

/// Patron, second, URL, platform, session (0: none).
type Click = (u32, i64, u64, u16, u64);

/// Of each click: whether it counts, and whether it begins a session; whatever the order of the rows.
fn settled(session: bool, clicks: &[Click]) -> (Vec<bool>, Vec<bool>) {
    let requests = requests(session);
    let layout = Layout { columns: 1, title: None, marks: requests.marks() };
    let mut all = Vec::new();
    for turn in 0..clicks.len() {
        let mut bytes = Vec::new();
        let places: Vec<usize> = (0..clicks.len()).map(|at| (at + turn) % clicks.len()).collect();
        for at in &places {
            let (patron, opened, url, platform, said) = clicks[*at];
            let head = Head {
                id: TransactionId(*at as u64),
                opened,
                facts: 0,
                patron: PatronNumber(patron),
                line: *at as u32,
                needs: NeedSet::NONE,
                reasons: ReasonSet::default(),
                part: 0,
                hour: 0,
                measure: 0,
                linked: patron != 0,
                traces_due: false,
            };
            let marks = if session { vec![said, url] } else { vec![url] };
            layout.push(&mut bytes, &head, &[platform.into()], &marks);
        }
        let dropped = requests.settle(layout, &mut bytes, |_| true);
        let (mut counted, mut begins) = (vec![false; clicks.len()], vec![false; clicks.len()]);
        for (row, at) in layout.rows(&bytes).zip(places) {
            counted[at] = counts(row);
            begins[at] = row.measure() == 1;
        }
        assert_eq!(counted.iter().filter(|counted| !**counted).count() as u64, dropped);
        all.push((counted, begins));
    }
    assert!(all.iter().all(|one| *one == all[0]), "the order of rows means nothing");
    all.swap_remove(0)
}

#[test]
fn of_two_clicks_within_thirty_seconds_the_last_counts() {
    let cases: [(&str, &[Click], &[bool]); 7] = [
        ("30 seconds", &[(1, 0, 7, 0, 0), (1, 30, 7, 0, 0)], &[false, true]),
        ("31 seconds", &[(1, 0, 7, 0, 0), (1, 31, 7, 0, 0)], &[true, true]),
        ("a chain", &[(1, 0, 7, 0, 0), (1, 20, 7, 0, 0), (1, 40, 7, 0, 0)], &[false, false, true]),
        ("one second", &[(1, 5, 7, 0, 0), (1, 5, 7, 0, 0)], &[false, true]),
        ("another URL", &[(1, 0, 7, 0, 0), (1, 1, 8, 0, 0)], &[true, true]),
        ("another patron", &[(1, 0, 7, 0, 0), (2, 1, 7, 0, 0)], &[true, true]),
        ("nobody", &[(0, 0, 7, 0, 0), (0, 1, 7, 0, 0)], &[true, true]),
    ];
    for (what, clicks, expected) in cases {
        assert_eq!(settled(false, clicks).0, expected, "{what}");
    }
}

#[test]
fn a_session_is_a_patrons_on_a_platform_in_an_hour() {
    let cases: [(&str, bool, &[Click], &[bool]); 7] = [
        ("one hour", false, &[(1, 3_599, 7, 0, 0), (1, 0, 8, 0, 0)], &[false, true]),
        ("two hours", false, &[(1, 3_599, 7, 0, 0), (1, 3_600, 8, 0, 0)], &[true, true]),
        ("two platforms", false, &[(1, 0, 7, 0, 0), (1, 60, 8, 1, 0)], &[true, true]),
        ("two patrons", false, &[(1, 0, 7, 0, 0), (2, 60, 8, 0, 0)], &[true, true]),
        ("nobody", false, &[(0, 0, 7, 0, 0)], &[false]),
        ("a click that doesn't count begins none", false, &[(1, 0, 7, 0, 0), (1, 9, 7, 0, 0)], &[false, true]),
        ("as the log says", true, &[(1, 0, 7, 0, 5), (1, 60, 8, 0, 6), (1, 7_200, 9, 0, 5)], &[true, true, false]),
    ];
    for (what, session, clicks, expected) in cases {
        assert_eq!(settled(session, clicks).1, expected, "{what}");
    }
}
