//! Names made of other names' first letters.

use super::flags::Flags;
use super::token::{Name, Token};

/// Words of the long name that an acronym may leave out.
const LEFT_OUT: usize = 1;

/// The bits of `token` standing for the whole of `long` by its words' first letters, where it may.
///
/// Every letter must be taken, words in order, from one to three letters of each; words without
/// weight and legal forms may be passed over freely, one other word at the end.
pub(super) fn stands_for(token: &Token, long: &Name) -> Option<f32> {
    let text = token.text.as_bytes();
    if !(3..=10).contains(&text.len()) || token.concept != 0 || token.number.is_some() {
        return None;
    }
    if long.initials.len() < 3 || text.first() != long.acronym.as_bytes().first() {
        return None;
    }
    // reached[i]: the text up to i can be taken by the words so far, with so few words left out;
    // the count of words that gave a letter rides along.
    let mut reached: [Option<(usize, usize)>; 11] = [None; 11];
    reached[0] = Some((0, 0));
    for word in &long.initials {
        let mut next: [Option<(usize, usize)>; 11] = [None; 11];
        for (i, state) in reached.iter().enumerate() {
            let Some((out, used)) = *state else { continue };
            let free = word.free || i == text.len() && out < LEFT_OUT;
            if free {
                better(&mut next, i, (out + usize::from(!word.free), used));
            }
            for take in 1..=3 {
                let (Some(own), Some(head)) = (text.get(i..i + take), word.head.get(..take)) else { break };
                if own != head {
                    break;
                }
                better(&mut next, i + take, (out, used + 1));
            }
        }
        reached = next;
    }
    let (out, used) = (*reached.get(text.len())?)?;
    let letter = if used == text.len() { 2.6 } else { 2.0 };
    (used >= 3 || used == 2 && text.len() >= 5).then_some(letter * text.len() as f32 - 2.0 * out as f32)
}

fn better(slots: &mut [Option<(usize, usize)>; 11], at: usize, new: (usize, usize)) {
    if let Some(slot) = slots.get_mut(at)
        && slot.is_none_or(|old| (old.0, std::cmp::Reverse(old.1)) > (new.0, std::cmp::Reverse(new.1)))
    {
        *slot = Some(new);
    }
}

/// The first letters of a word, for acronyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Initial {
    /// Its first three letters, filled up with zeros.
    pub head: [u8; 3],
    /// Whether an acronym may pass it over.
    pub free: bool,
}

impl Initial {
    pub(super) fn of(token: &Token, free: bool) -> Initial {
        let mut head = [0; 3];
        for (to, from) in head.iter_mut().zip(token.text.bytes()) {
            *to = from;
        }
        Initial { head, free }
    }
}

/// The words of a long name, for acronyms.
pub(super) fn initials(tokens: &[Token]) -> Vec<Initial> {
    let free = |t: &Token| {
        t.flags.any(Flags::STOP | Flags::FORM | Flags::PARTICLE | Flags::PREFIX)
            || super::tables::tables().word(&t.text).has(Flags::STOP)
    };
    tokens.iter().map(|t| Initial::of(t, free(t))).collect()
}
