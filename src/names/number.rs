//! Numbers in names: figures, Roman numerals, ordinals.

/// The value of an ASCII word that is a number in figures or with an ordinal ending.
pub(super) fn figures(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = word.get(digits.len()..)?;
    let fits = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "ya" | "yy" | "oe" | "y" | "i" | "aya");
    if digits.is_empty() || !fits || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // Longer than a number can be is still told from others by its last nine figures.
    digits.get(digits.len().saturating_sub(9)..)?.parse().ok()
}

/// The value of a Roman numeral from 1 to 39, well formed.
pub(super) fn roman(word: &str) -> Option<u32> {
    let tens = word.bytes().take_while(|b| *b == b'x').count();
    let rest = word.get(tens..)?;
    let units = match rest {
        "" => 0,
        "i" => 1,
        "ii" => 2,
        "iii" => 3,
        "iv" => 4,
        "v" => 5,
        "vi" => 6,
        "vii" => 7,
        "viii" => 8,
        "ix" => 9,
        _ => return None,
    };
    let value = u32::try_from(tens).ok()? * 10 + units;
    (tens <= 3 && value > 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        assert_eq!((figures("601"), figures("3rd"), figures("x1"), figures("")), (Some(601), Some(3), None, None));
        assert_eq!((roman("viii"), roman("xiv"), roman("iiii"), roman("")), (Some(8), Some(14), None, None));
        assert_eq!(figures("99999999999999999999"), Some(999_999_999));
    }
}
