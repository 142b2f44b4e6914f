//! A tree as lines of text with branches drawn before them.

/// One line of a tree, in the order from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeLine {
    /// Depth; 0 stands at the margin without a branch.
    pub depth: usize,
    /// The text, without line breaks.
    pub text: String,
}

/// Deepest indentation drawn; below it the line says its level instead.
const INDENT: usize = 24;

/// Draws the branches. The width of a line is bounded however deep the tree is.
pub fn tree_lines(rows: &[TreeLine]) -> Vec<String> {
    // Whether a later line continues the branch at each depth, seen from below.
    let mut goes_on: Vec<bool> = Vec::new();
    let mut out: Vec<String> = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        let depth = row.depth;
        goes_on.resize(depth + 1, false);
        let open = |k: usize| goes_on.get(k).copied().unwrap_or(false);
        let mut line = String::with_capacity(row.text.len() + depth.min(INDENT) * 5);
        if depth > 0 {
            for k in 1..depth.min(INDENT) {
                line.push_str(if open(k) { "│  " } else { "   " });
            }
            line.push_str(if open(depth) { "├─ " } else { "└─ " });
            if depth > INDENT {
                line.push_str(&format!("(level {depth}) "));
            }
        }
        line.push_str(&row.text);
        out.push(line);
        if let Some(slot) = goes_on.get_mut(depth) {
            *slot = depth > 0;
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(rows: &[(usize, &str)]) -> String {
        let rows: Vec<TreeLine> = rows.iter().map(|(d, t)| TreeLine { depth: *d, text: (*t).to_owned() }).collect();
        tree_lines(&rows).join("\n")
    }

    #[test]
    fn branches() {
        let got = draw(&[(0, "a"), (1, "b"), (2, "c"), (3, "d"), (2, "e"), (1, "f"), (2, "g"), (0, "h"), (1, "i")]);
        let want = "\
a
├─ b
│  ├─ c
│  │  └─ d
│  └─ e
└─ f
   └─ g
h
└─ i";
        assert_eq!(got, want);
    }

    #[test]
    fn deep_trees_stay_narrow() {
        let rows: Vec<TreeLine> = (0..100_000).map(|d| TreeLine { depth: d, text: "x".to_owned() }).collect();
        let lines = tree_lines(&rows);
        assert_eq!(lines.len(), 100_000);
        assert!(lines.iter().all(|l| l.chars().count() < 100));
        assert!(lines[99_999].ends_with("└─ (level 99999) x"));
    }
}
