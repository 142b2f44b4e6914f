//! Numbers for the dates of edges, from 1 in order of appearance.

use crate::model::PartialDate;

/// Days, months and the year itself of one year, in the bits of a date.
const YEAR: usize = 512;

/// Dates by number, and numbers by date: a page for each year that there is.
#[derive(Default)]
pub(super) struct DateCodes {
    years: Vec<Vec<u32>>,
    bits: Vec<u32>,
}

impl DateCodes {
    /// Numbers dates.
    pub(super) fn add(&mut self, dates: [Option<PartialDate>; 2]) {
        for bits in dates.into_iter().flatten().map(PartialDate::to_bits) {
            if self.code(bits) != 0 {
                continue;
            }
            let (year, day) = (bits as usize / YEAR, bits as usize % YEAR);
            if self.years.len() <= year {
                self.years.resize(year + 1, Vec::new());
            }
            self.bits.push(bits);
            if let Some(days) = self.years.get_mut(year) {
                days.resize(YEAR, 0);
                if let Some(code) = days.get_mut(day) {
                    *code = self.bits.len() as u32;
                }
            }
        }
    }

    /// The number of a date in bits; 0 for one that is not known, as for none.
    #[inline]
    pub(super) fn code(&self, bits: u32) -> u32 {
        let (year, day) = (bits as usize / YEAR, bits as usize % YEAR);
        self.years.get(year).and_then(|days| days.get(day)).copied().unwrap_or(0)
    }

    /// The dates in bits, by number.
    pub(super) fn bits(&self) -> impl Iterator<Item = u32> + '_ {
        self.bits.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_of_appearance() {
        let d = |t: &str| PartialDate::parse(t).ok();
        let mut codes = DateCodes::default();
        codes.add([d("2020-02-29"), None]);
        codes.add([d("1995"), d("2020-02-29")]);
        codes.add([d("9999-12-31"), d("2020-02")]);
        let all: Vec<u32> = codes.bits().collect();
        let want = ["2020-02-29", "1995", "9999-12-31", "2020-02"].map(|t| d(t).unwrap().to_bits());
        assert_eq!(all, want);
        assert_eq!(want.map(|b| codes.code(b)), [1, 2, 3, 4]);
        assert_eq!((codes.code(0), codes.code(d("1995-01").unwrap().to_bits())), (0, 0));
    }
}
