//! Exit codes, and how errors are shown.

use super::render::escape;
use cuibono::error::{Error, Kind, Result};
use std::fmt::Write as _;

/// How a command that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Something was found, or done.
    Found,
    /// The question is sound and the answer is empty.
    Nothing,
    /// The store is damaged; what is wrong was printed.
    Faults,
    /// The budget ran out before anything was found.
    Stopped,
    /// Asked to be told by the exit code: a party is listed or blocked.
    Blocked,
    /// Asked to be told by the exit code: the record cannot tell, and nobody is blocked.
    CannotTell,
}

impl Outcome {
    /// Found, or nothing.
    pub(crate) fn of(found: bool) -> Outcome {
        if found { Outcome::Found } else { Outcome::Nothing }
    }

    /// The same of a search: one that was cut and found nothing does not know.
    pub(crate) fn of_search(found: bool, truncated: bool) -> Outcome {
        if !found && truncated { Outcome::Stopped } else { Outcome::of(found) }
    }

    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Outcome::Found => 0,
            Outcome::Nothing => 1,
            Outcome::Faults => 3,
            Outcome::Stopped => 4,
            Outcome::Blocked => 10,
            Outcome::CannotTell => 11,
        }
    }
}

/// The exit code of a result; an error is shown on stderr first. A reader that has closed the
/// pipe has what it wants: that is success.
pub(crate) fn code(result: &Result<Outcome>, colour: bool) -> u8 {
    match result {
        Ok(o) => o.code(),
        Err(e) if is_broken_pipe(e) => 0,
        Err(e) => {
            eprint!("{}", message(e, colour));
            e.exit_code()
        }
    }
}

fn is_broken_pipe(e: &Error) -> bool {
    let cause = std::error::Error::source(e).and_then(|c| c.downcast_ref::<std::io::Error>());
    e.kind() == Kind::Io && cause.is_some_and(|c| c.kind() == std::io::ErrorKind::BrokenPipe)
}

/// An error as lines: what and where, the candidates, the next step.
fn message(e: &Error, colour: bool) -> String {
    let paint = |word: &str, code: &str| match colour {
        true => format!("\x1b[{code}m{word}\x1b[0m"),
        false => word.to_owned(),
    };
    let mut s = format!("{} {}\n", paint("error:", "1;31"), escape(&e.to_string()));
    for line in e.candidate_lines() {
        writeln!(s, "  {}", escape(line)).ok();
    }
    if let Some(hint) = e.next_step() {
        writeln!(s, "{} {}", paint("hint:", "1;36"), escape(hint)).ok();
    }
    s
}

#[cfg(test)]
mod tests {
    use super::*;
    use cuibono::error::Place;

    #[test]
    fn errors_name_place_candidates_and_next_step() {
        let e = Error::usage("two \u{202e}parties")
            .at(Place::file("a.json").line(3))
            .candidates(vec!["x:1  One".into()])
            .hint("give the id");
        assert_eq!(message(&e, false), "error: a.json:3: two \\u{202e}parties\n  x:1  One\nhint: give the id\n");
        assert!(message(&e, true).starts_with("\x1b[1;31merror:\x1b[0m "));
    }

    #[test]
    fn a_closed_pipe_is_success_and_other_failures_are_not() {
        let io = |kind| Err(Error::io("write the answer", std::io::Error::from(kind)));
        assert_eq!(code(&io(std::io::ErrorKind::BrokenPipe), false), 0);
        assert_eq!(code(&io(std::io::ErrorKind::StorageFull), false), 2);
        assert_eq!(code(&Ok(Outcome::Nothing), false), 1);
        assert_eq!(code(&Ok(Outcome::Faults), false), 3);
    }
}
