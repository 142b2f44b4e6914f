//! Legal forms.

/// A legal form: LLC, GmbH, joint stock company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Form {
    /// Forms of one family are equivalents across languages: 0 limited, 1 stock, 2 partnership,
    /// 3 sole trader, 4 co-operative, 5 state, 6 non-profit, 7 trust, 8 branch.
    pub family: u8,
    /// The form's line in `data/names/legal_forms.tsv`, from 1.
    pub code: u16,
}

impl Form {
    /// Whether it is a company's: limited, stock or partnership.
    pub(super) fn is_company(self) -> bool {
        matches!(self.family, 0..=2)
    }
}
