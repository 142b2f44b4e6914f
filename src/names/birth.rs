//! Dates of birth, as far as a source knows them.

/// A date of birth: a year, a month or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Birth {
    /// The year.
    pub year: u16,
    /// The month from 1; 0 where it is not known.
    pub month: u8,
    /// The day from 1; 0 where it is not known.
    pub day: u8,
}

impl Birth {
    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` (also with `/` or `.`), `circa` before it passed over.
    /// `None` for anything else.
    pub fn parse(text: &str) -> Option<Birth> {
        let text = text.trim().trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '.' || c == ' ');
        let mut parts = text.get(..text.len().min(10)).unwrap_or(text).split(['-', '/', '.']);
        let year: u16 = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
        let mut small = |most: u8| match parts.next() {
            None | Some("" | "00") => Some(0),
            Some(p) if p.len() <= 2 => p.parse().ok().filter(|n| *n <= most),
            Some(_) => None,
        };
        let (month, day) = (small(12)?, small(31)?);
        (1000..=2999).contains(&year).then_some(Birth { year, month, day })
    }
}

impl std::fmt::Display for Birth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month != 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day != 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Birth;

    #[test]
    fn forms() {
        let b = |t| Birth::parse(t).map(|b| (b.year, b.month, b.day));
        assert_eq!(b("1960"), Some((1960, 0, 0)));
        assert_eq!(b("circa 1960-05"), Some((1960, 5, 0)));
        assert_eq!(b("1960-05-31"), Some((1960, 5, 31)));
        assert_eq!(b("1960-00-00"), Some((1960, 0, 0)));
        assert_eq!((b("60"), b("1960-13"), b("about"), b("é1960")), (None, None, None, None));
    }
}
