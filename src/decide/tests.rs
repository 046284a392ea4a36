use proptest::prelude::*;

use super::*;
use crate::policy::MissingRule;
use crate::words::{Kind, Side};

const AS_OF: Day = Day(20_000);

fn policy() -> Retention {
    Retention { grace: 30, settled: 30, refund: 180, ..Retention::NONE }
}

/// Closed 100 days ago, owing nothing: due.
fn old() -> Facts {
    Facts { opened: Dated::On(AS_OF.plus(-120)), closed: Dated::On(AS_OF.plus(-100)), ..Facts::of(State::Closed) }
}

fn ago(days: i32) -> Dated {
    Dated::On(AS_OF.plus(-days))
}

#[test]
fn each_need_holds_for_its_own_reason() {
    use Need::*;
    let problem = |reason| Facts { problems: ReasonSet(1 << reason as u8), ..old() };
    let cases: Vec<(&str, Facts, Vec<Need>)> = vec![
        ("closed long ago", old(), vec![]),
        ("out", Facts { opened: ago(5), ..Facts::of(State::Open) }, vec![Open]),
        ("claims returned", Facts { opened: ago(500), ..Facts::of(State::Disputed) }, vec![Disputed]),
        ("lost", Facts { opened: ago(500), ..Facts::of(State::Lost) }, vec![Lost]),
        ("a claim beside a return", Facts { disputed: Answer::Yes, ..old() }, vec![Disputed]),
        ("no rule knows it", Facts { state: State::Unknown, ..old() }, vec![Undetermined]),
        ("closed 29 days ago", Facts { closed: ago(29), ..old() }, vec![Grace]),
        ("closed 30 days ago", Facts { closed: ago(30), ..old() }, vec![]),
        ("owing", Facts { owing: Answer::Yes, ..old() }, vec![Owing]),
        ("owing can't be read", Facts { owing: Answer::Unreadable, ..old() }, vec![Owing, Undetermined]),
        ("settled 29 days ago", Facts { settled: ago(29), ..old() }, vec![Settled]),
        ("settled 30 days ago", Facts { settled: ago(30), ..old() }, vec![]),
        ("settled unreadable", Facts { settled: Dated::Unreadable, ..old() }, vec![Undetermined]),
        ("refund 179 days ago", Facts { refund: ago(179), ..old() }, vec![Refund]),
        ("refund 180 days ago", Facts { refund: ago(180), ..old() }, vec![]),
        ("opted in", Facts { history: Answer::Yes, ..old() }, vec![History]),
        ("choice unknown", Facts { history: Answer::Unreadable, ..old() }, vec![Undetermined]),
        ("under a legal hold", Facts { legal_hold: Answer::Yes, ..old() }, vec![LegalHold]),
        ("a hold nobody can match", Facts { legal_hold: Answer::Unreadable, ..old() }, vec![Undetermined]),
        ("closed at no date", Facts { closed: Dated::Unset, ..old() }, vec![Undetermined]),
        ("closed at no readable date", Facts { closed: Dated::Unreadable, ..old() }, vec![Undetermined]),
        ("opened at no date", Facts { opened: Dated::Unset, ..old() }, vec![Undetermined]),
        ("closed before it was opened", Facts { closed: ago(121), ..old() }, vec![Undetermined]),
        ("a problem found before", problem(Reason::FutureDate), vec![Undetermined]),
        (
            "several at once",
            Facts { closed: ago(3), owing: Answer::Yes, legal_hold: Answer::Yes, ..old() },
            vec![Grace, Owing, LegalHold],
        ),
    ];
    for (name, facts, needs) in cases {
        let decision = decide(&facts, &policy(), AS_OF);
        assert_eq!(decision.needs.iter().collect::<Vec<_>>(), needs, "{name}");
        assert_eq!(decision.needs.contains(Undetermined), !decision.reasons.is_empty(), "{name}");
    }
}

#[test]
fn a_policy_may_end_what_is_owed_or_lost_and_nothing_else() {
    use Need::*;
    let ending = Retention { owing_at_most: Some(2_557), ..policy() };
    let owing = Facts { opened: ago(9_000), owing: Answer::Yes, ..old() };
    let lost = |days| Facts { opened: ago(days), ..Facts::of(State::Lost) };
    let cases: Vec<(&str, Facts, Vec<Need>)> = vec![
        ("a day less", Facts { closed: ago(2_556), ..owing }, vec![Owing]),
        ("owed for seven years", Facts { closed: ago(2_557), ..owing }, vec![]),
        ("opened long ago, closed lately", Facts { closed: ago(100), ..owing }, vec![Owing]),
        ("lost, a day less", lost(2_556), vec![Lost]),
        ("lost for seven years", lost(2_557), vec![]),
        ("under a legal hold", Facts { closed: ago(2_557), legal_hold: Answer::Yes, ..owing }, vec![LegalHold]),
        (
            "an amount that can't be read",
            Facts { closed: ago(2_557), owing: Answer::Unreadable, ..owing },
            vec![Undetermined],
        ),
        ("closed on no readable day", Facts { closed: Dated::Unreadable, ..owing }, vec![Owing, Undetermined]),
        ("still out", Facts { opened: ago(9_000), ..Facts::of(State::Open) }, vec![Open]),
    ];
    for (name, facts, needs) in cases {
        assert_eq!(decide(&facts, &ending, AS_OF).needs.iter().collect::<Vec<_>>(), needs, "{name}");
    }
    assert_eq!(decide(&Facts { closed: ago(2_500), ..owing }, &ending, AS_OF).ends(Owing), Some(AS_OF.plus(57)));
    assert!(decide(&Facts { closed: ago(8_000), ..owing }, &policy(), AS_OF).needs.contains(Owing), "off by default");
}

/// Nobody pays, finds or answers any more.
#[test]
fn a_policy_may_end_what_a_missing_patron_leaves_and_nothing_else() {
    use Need::*;
    let ending = Retention { absent_patron: Some(90), ..policy() };
    let gone = |days: i32| Some(AS_OF.plus(-days));
    let owing = Facts { owing: Answer::Yes, ..old() };
    let cases: Vec<(&str, Facts, Vec<Need>)> = vec![
        ("a day less", Facts { absent: gone(89), ..owing }, vec![Owing]),
        ("missing for ninety days", Facts { absent: gone(90), ..owing }, vec![]),
        ("not missing", owing, vec![Owing]),
        ("lost", Facts { opened: ago(500), absent: gone(90), ..Facts::of(State::Lost) }, vec![]),
        ("claimed", Facts { opened: ago(500), absent: gone(90), ..Facts::of(State::Disputed) }, vec![]),
        ("still out", Facts { opened: ago(500), absent: gone(900), ..Facts::of(State::Open) }, vec![Open]),
        ("in grace", Facts { closed: ago(3), absent: gone(900), ..owing }, vec![Grace]),
        ("under a legal hold", Facts { absent: gone(900), legal_hold: Answer::Yes, ..owing }, vec![LegalHold]),
        (
            "a hold nobody can match",
            Facts { absent: gone(900), legal_hold: Answer::Unreadable, ..owing },
            vec![Undetermined],
        ),
        (
            "an amount that can't be read",
            Facts { absent: gone(900), owing: Answer::Unreadable, ..old() },
            vec![Undetermined],
        ),
        ("no rule knows it", Facts { absent: gone(900), state: State::Unknown, ..owing }, vec![Undetermined]),
    ];
    for (name, facts, needs) in cases {
        assert_eq!(decide(&facts, &ending, AS_OF).needs.iter().collect::<Vec<_>>(), needs, "{name}");
    }
    let young = Facts { absent: gone(80), ..owing };
    assert_eq!(decide(&young, &ending, AS_OF).ends(Owing), Some(AS_OF.plus(10)));
    assert!(decide(&Facts { absent: gone(9_000), ..owing }, &policy(), AS_OF).needs.contains(Owing), "off by default");
}

#[test]
fn a_library_that_keeps_nobodys_history_keeps_none() {
    let never = Retention { history: HistoryRule::Never, ..policy() };
    assert!(decide(&Facts { history: Answer::Yes, ..old() }, &never, AS_OF).needs.is_empty());
}

#[test]
fn each_way_in_which_a_hold_ends_has_its_own_grace() {
    let own = Retention { fulfilled: Some(10), cancelled: Some(0), expired: Some(90), ..policy() };
    let two = Retention { fulfilled: Some(10), ..policy() };
    let cases = [
        ("one grace for all", policy(), None, 30),
        ("one grace for all", policy(), Some(Way::Expired), 30),
        ("fetched", own, Some(Way::Fulfilled), 10),
        ("cancelled", own, Some(Way::Cancelled), 0),
        ("ran out", own, Some(Way::Expired), 90),
        ("the pipeline can't tell: the longest", own, None, 90),
        ("no period of its own", two, Some(Way::Expired), 30),
        ("the pipeline can't tell: the longest, which is grace", two, None, 30),
    ];
    for (name, policy, way, days) in cases {
        for closed in 0..100 {
            let decision = decide(&Facts { way, closed: ago(closed), ..old() }, &policy, AS_OF);
            assert_eq!(decision.needs.contains(Need::Grace), closed < days, "{name}, {closed} days ago");
            let ends = (closed < days).then(|| AS_OF.plus(days - closed));
            assert_eq!(decision.ends(Need::Grace), ends, "{name}, {closed} days ago");
        }
    }
}

#[test]
fn the_patron_of_a_bill_stays_for_the_audit_and_its_material_does_not() {
    let rules = Retention { audit: Some(2_557), review_after: Some(731), ..policy() };
    let of = |kind, side| rules.of(kind, side).unwrap();
    let cases = [
        (Kind::Bill, Side::Patron, 2_557, Some(3_288)),
        (Kind::Bill, Side::Material, 30, Some(731)),
        (Kind::Loan, Side::Patron, 30, Some(731)),
    ];
    for (kind, side, grace, review_after) in cases {
        let rules = of(kind, side);
        assert_eq!((rules.grace, rules.review_after), (grace, review_after), "{kind}, {side}");
        for (closed, kept) in [(grace - 1, true), (grace, false)] {
            let facts = Facts { opened: ago(9_000), closed: ago(closed), ..old() };
            assert_eq!(!decide(&facts, &rules, AS_OF).needs.is_empty(), kept, "{kind}, {side}, {closed} days ago");
        }
        let unpaid = Facts { opened: ago(9_000), closed: ago(8_000), ..Facts::of(State::Open) };
        assert!(decide(&unpaid, &rules, AS_OF).needs.contains(Need::Open), "{kind}, {side}");
    }
    assert_eq!(policy().of(Kind::Bill, Side::Patron), Err(MissingRule::Audit), "the board must have seen it");
}

#[test]
fn a_need_says_when_it_ends() {
    let facts = Facts { closed: ago(10), settled: ago(5), refund: ago(1), ..old() };
    let decision = decide(&facts, &policy(), AS_OF);
    assert_eq!(decision.ends(Need::Grace), Some(AS_OF.plus(20)));
    assert_eq!(decision.ends(Need::Settled), Some(AS_OF.plus(25)));
    assert_eq!(decision.ends(Need::Refund), Some(AS_OF.plus(179)));
    assert_eq!(decision.ends(Need::Open), None);
}

fn any_date() -> impl Strategy<Value = Dated> {
    prop_oneof![Just(Dated::Unset), Just(Dated::Unreadable), (-400..400i32).prop_map(|d| Dated::On(AS_OF.plus(d)))]
}

fn any_answer() -> impl Strategy<Value = Answer> {
    prop_oneof![Just(Answer::No), Just(Answer::Yes), Just(Answer::Unreadable)]
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let state = prop_oneof![
        Just(State::Open),
        Just(State::Closed),
        Just(State::Disputed),
        Just(State::Lost),
        Just(State::Unknown)
    ];
    (state, any_date(), any_date(), any_date(), any_date(), (any_answer(), any_answer(), any_answer(), any_answer()))
        .prop_map(|(state, opened, closed, settled, refund, (owing, history, legal_hold, disputed))| Facts {
            opened,
            closed,
            settled,
            refund,
            owing,
            history,
            legal_hold,
            disputed,
            ..Facts::of(state)
        })
}

proptest! {
    /// Nothing is due unless it is closed, on a readable date, with nothing else to say.
    #[test]
    fn due_means_that_everything_is_known_and_over(facts in any_facts()) {
        if decide(&facts, &policy(), AS_OF).needs.is_empty() {
            prop_assert_eq!(facts.state, State::Closed);
            prop_assert!(matches!(facts.closed, Dated::On(day) if day <= AS_OF.plus(-30)));
            prop_assert!(matches!(facts.opened, Dated::On(_)));
            prop_assert_eq!(facts.owing, Answer::No);
            prop_assert_eq!(facts.legal_hold, Answer::No);
        }
    }

    /// A need that ends by itself ends on the day it names, and time alone takes away no other.
    #[test]
    fn time_only_ends_periods(facts in any_facts(), later in 0..500i32) {
        let now = decide(&facts, &policy(), AS_OF);
        let then = decide(&facts, &policy(), AS_OF.plus(later));
        for need in now.needs.iter() {
            let over = now.ends(need).is_some_and(|end| end <= AS_OF.plus(later));
            prop_assert_eq!(then.needs.contains(need), !over, "{}", need);
        }
    }
}
