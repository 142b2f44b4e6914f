//! The scorer's parameters. They were set by hand from what the items mean and then moved on the
//! development half of the cases alone; `docs/names.md` says how.

/// The scorer's name and version, put into every record of evidence.
pub const SCORER: &str = "cuibono-names 1";
/// Scores from here on are matches.
pub const MATCH_FROM: f32 = 0.5;
/// Scores from here on are for a human to look at.
pub const REVIEW_FROM: f32 = 0.15;

/// How one parameter is reached.
pub type Field = fn(&mut Weights) -> &mut f32;

/// What each item weighs, in bits of log-odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Where every comparison starts.
    pub prior: f32,
    /// The most that all agreement of words can sum to.
    pub ceiling: f32,
    /// A word with another in its place.
    pub conflict: f32,
    /// A word of a person's name that the other side lacks.
    pub missing: f32,
    /// How much of a conflict is forgiven to words that are all alike.
    pub likeness: f32,
    /// Other surnames, where both say which word it is.
    pub surname: f32,
    /// Nothing but one word of several agrees.
    pub alone: f32,
    /// The other bears the name of this one's father.
    pub child: f32,
    /// Initials in another order, or an initial that stands for another name.
    pub initial: f32,
    /// A patronymic with another in its place.
    pub patronymic: f32,
    /// The forms for a man and a woman.
    pub gender: f32,
    /// Another bearer of the name in the family: junior for senior.
    pub generation: f32,
    /// The only word of a firm's own has another letter in the place of one.
    pub sister: f32,
    /// A telling word of an organisation's name that the other side lacks.
    pub extra: f32,
    /// An organisation's word of the least telling class that the other side lacks.
    pub extra_generic: f32,
    /// A word that a great many organisations have that the other side lacks.
    pub extra_common: f32,
    /// An organisation's word for what it does that the other side lacks.
    pub extra_activity: f32,
    /// A place that the other side lacks.
    pub extra_place: f32,
    /// A number that the other side lacks.
    pub extra_number: f32,
    /// Another number.
    pub number: f32,
    /// Another notion in the place of one.
    pub notion: f32,
    /// Another place.
    pub place: f32,
    /// Words in another order.
    pub order: f32,
    /// The same legal form.
    pub form_agrees: f32,
    /// Another legal form of the same family.
    pub form_akin: f32,
    /// A legal form of another family.
    pub form_differs: f32,
    /// A syllable that agrees.
    pub syllable: f32,
    /// A syllable that differs.
    pub syllable_differs: f32,
    /// A syllable without a partner.
    pub syllable_missing: f32,
    /// The same day of birth.
    pub birth_day: f32,
    /// Dates of birth that agree as far as both say.
    pub birth_partial: f32,
    /// The same year, another day; or a year beside.
    pub birth_near: f32,
    /// Other dates of birth.
    pub birth_differs: f32,
    /// A country in common.
    pub country: f32,
    /// No country in common.
    pub country_differs: f32,
    /// An identifier in common.
    pub id: f32,
    /// Another value of an identifier that a party bears one of.
    pub id_differs: f32,
    /// Other kinds of party.
    pub kind: f32,
    /// Not a weight: the score from which a human must look.
    pub review_from: f32,
}

impl Weights {
    /// The parameters in use.
    pub const STANDARD: Weights = Weights {
        prior: -3.0,
        ceiling: 15.0,
        conflict: 12.0,
        missing: 0.8,
        likeness: 0.8,
        surname: 3.0,
        alone: 2.0,
        child: 5.8,
        initial: 6.5,
        patronymic: 10.0,
        gender: 10.5,
        generation: 10.0,
        sister: 6.0,
        extra: 5.0,
        extra_generic: 0.5,
        extra_common: 2.0,
        extra_activity: 2.0,
        extra_place: 4.5,
        extra_number: 5.0,
        number: 12.0,
        notion: 8.0,
        place: 8.0,
        order: 0.3,
        form_agrees: 0.5,
        form_akin: 0.0,
        form_differs: 2.5,
        syllable: 6.0,
        syllable_differs: 8.5,
        syllable_missing: 5.0,
        birth_day: 8.0,
        birth_partial: 2.0,
        birth_near: 1.0,
        birth_differs: 7.2,
        country: 0.7,
        country_differs: 1.5,
        id: 19.0,
        id_differs: 9.0,
        kind: 10.0,
        review_from: REVIEW_FROM,
    };

    /// The same where one party is looked for among all of a store: a chance likeness to some party of
    /// thousands is likelier than to the one of a pair, so a comparison starts two and a half bits
    /// lower. What was for review as a pair is so here. Set on the visible questions: at most one of a
    /// hundred parties that are on no list may come out as a match.
    pub const AMONG_MANY: Weights =
        Weights { prior: Weights::STANDARD.prior - 2.5, review_from: 0.03, ..Weights::STANDARD };

    /// Every parameter by name, for tuning.
    pub fn fields() -> Vec<(&'static str, Field)> {
        macro_rules! list {
            ($($name:ident)*) => { vec![$((stringify!($name), (|w: &mut Weights| &mut w.$name) as Field)),*] };
        }
        list!(prior ceiling conflict missing likeness surname alone child initial patronymic gender generation sister extra extra_generic extra_common extra_activity extra_place extra_number number notion place order form_agrees form_akin form_differs syllable syllable_differs syllable_missing birth_day birth_partial birth_near birth_differs country country_differs id id_differs kind)
    }
}
