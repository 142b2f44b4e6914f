//! The rules that the reference knows, written down a second time on purpose: a slip in the
//! product's rule data must show as a difference.

use super::reading::{Day, Q, q};

/// Whose stakes are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Adds {
    All,
    Each,
    /// Blocked only if person by person suffices, free only if all together do not.
    Unsettled,
}

/// What a party not listed itself must meet.
#[derive(Debug, Clone)]
pub(super) struct Test {
    pub(super) threshold: Q,
    pub(super) inclusive: bool,
    pub(super) adds: Adds,
    /// Votes are a basis beside shares.
    pub(super) votes: bool,
    /// A majority of votes may be control.
    pub(super) votes_may_control: bool,
    pub(super) all_holders: bool,
    pub(super) joint_arrangement: bool,
    pub(super) control: &'static [&'static str],
    pub(super) may_control: &'static [&'static str],
}

/// A regime on a day: its lists, and its test where one is in force.
#[derive(Debug, Clone)]
pub(super) struct Regime {
    pub(super) lists: &'static [&'static str],
    pub(super) test: Option<Test>,
}

const CONTROL: &[&str] = &["controls", "appoints_board_of"];

/// A test on shares alone, for all listed parties together, without control.
pub(super) fn plain(inclusive: bool) -> Test {
    Test {
        threshold: q("50"),
        inclusive,
        adds: Adds::All,
        votes: false,
        votes_may_control: false,
        all_holders: false,
        joint_arrangement: false,
        control: &[],
        may_control: &[],
    }
}

/// The regime as it stands on a day.
pub(super) fn on(regime: &str, day: &str) -> Regime {
    let since = |date: &str| Day::parse(day).first >= Day::parse(date).first;
    let from = |date: &str, test: Test| since(date).then_some(test);
    let (lists, test): (&'static [&'static str], Option<Test>) = match regime {
        // 79 Fed. Reg. 47726 of 13 August 2014; the text of 2008 left open what is added.
        "ofac" => (
            &["ofac_sdn"],
            if since("2014-08-13") {
                Some(plain(true))
            } else {
                from("2008-02-14", Test { adds: Adds::Unsettled, ..plain(true) })
            },
        ),
        "ofac_ssi" => (&["ofac_ssi"], from("2014-08-13", plain(true))),
        // In force from 29 September 2025, suspended from 10 November 2025 for a year.
        "bis" => {
            let suspended = since("2025-11-10") && !since("2026-11-10");
            (&["bis_el", "bis_meu", "?ofac_sdn"], from("2025-09-29", plain(true)).filter(|_| !suspended))
        }
        "eu" => (&["eu_fsf"], Some(Test { control: CONTROL, votes_may_control: true, ..plain(since("2024-07-03")) })),
        "uk" => (
            &["uk_sl"],
            Some(Test { adds: Adds::Each, votes: true, joint_arrangement: true, control: CONTROL, ..plain(false) }),
        ),
        "ch" => (&["ch_seco"], Some(Test { control: CONTROL, votes_may_control: true, ..plain(false) })),
        "ca" => {
            (&["ca_sema"], from("2023-06-22", Test { adds: Adds::Each, votes: true, control: CONTROL, ..plain(true) }))
        }
        other => panic!("the reference knows no regime {other}"),
    };
    Regime { lists, test }
}
