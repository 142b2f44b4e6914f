//! Where the columns of a UK list are that belong together: the parts of a name, of an
//! address, of a document. All others stand for themselves.

use super::fields::Field;
use super::party::{Ctx, Party};
use super::text::{key, nothing, property};
use crate::import::rows::Header;
use crate::import::workbook::Table;
use crate::model::Fact;

/// Columns by what they hold.
pub(in crate::import) struct Layout {
    /// Name 1 to Name 5, then Name 6, which is the family name.
    names: Vec<usize>,
    name_type: Option<usize>,
    quality: Option<usize>,
    original: [Option<usize>; 3],
    address: Vec<usize>,
    postal_code: Option<usize>,
    country: Option<usize>,
    born: [Option<usize>; 2],
    passport: [Option<usize>; 2],
    national: [Option<usize>; 2],
    /// Columns that stand for themselves, with their meaning or the property that they become.
    single: Vec<(usize, Result<Field, String>)>,
}

impl Layout {
    /// Finds the columns; those in `taken` are read by the caller.
    pub(in crate::import) fn new(header: &Header, taken: &[Option<usize>]) -> Layout {
        let keys: Vec<String> = header.names().map(key).collect();
        let mut used: Vec<usize> = taken.iter().flatten().copied().collect();
        let mut find = |words: &[&str]| {
            let at = keys.iter().position(|k| words.contains(&k.as_str()))?;
            used.push(at);
            Some(at)
        };
        let mut all = |words: &[&str], numbers: [u8; 6]| -> Vec<usize> {
            let each = |n: u8| words.iter().map(|w| format!("{w}{n}")).collect::<Vec<_>>();
            numbers.iter().filter_map(|n| find(&each(*n).iter().map(String::as_str).collect::<Vec<_>>())).collect()
        };
        let mut layout = Layout {
            names: all(&["name"], [1, 2, 3, 4, 5, 6]),
            address: all(&["addressline", "address"], [1, 2, 3, 4, 5, 6]),
            name_type: find(&["nametype", "aliastype"]),
            quality: find(&["aliasstrength", "aliasquality"]),
            original: [find(&["namenonlatinscript"]), find(&["nonlatinscripttype"]), find(&["nonlatinscriptlanguage"])],
            postal_code: find(&["addresspostalcode", "postalcode", "postzipcode"]),
            country: find(&["addresscountry", "country"]),
            born: [find(&["townofbirth"]), find(&["countryofbirth"])],
            passport: [
                find(&["passportnumber"]),
                find(&["passportadditionalinformation", "passportdetails", "passportinformation"]),
            ],
            national: [
                find(&["nationalidentifiernumber", "nationalidentificationnumber"]),
                find(&[
                    "nationalidentifieradditionalinformation",
                    "nationalidentificationdetails",
                    "nationalidentifierinformation",
                ]),
            ],
            single: Vec::new(),
        };
        for (at, name) in header.names().enumerate().filter(|(at, n)| !used.contains(at) && !nothing(n)) {
            layout.single.push((at, Field::of(name).ok_or_else(|| property(name))));
        }
        layout
    }

    /// Reads the current row.
    pub(in crate::import) fn read(&self, table: &Table, party: &mut Party, ctx: &mut Ctx<'_>) {
        let get = |at: Option<usize>| at.map(|at| table.field(at)).unwrap_or_default();
        let fields = |at: &[usize]| -> Vec<&str> { at.iter().map(|at| table.field(*at)).collect() };
        party.name(&fields(&self.names), get(self.name_type), get(self.quality), ctx);
        let [text, script, language] = self.original.map(get);
        party.original(text, script, language);
        party.address(&fields(&self.address), get(self.postal_code), get(self.country));
        let [towns, countries] = self.born.map(get);
        party.born_in(towns, countries);
        let [numbers, details] = self.passport.map(get);
        party.documents("Passport number", "passport_details", numbers, details);
        let [numbers, details] = self.national.map(get);
        party.documents("National identifier number", "national_identifier_details", numbers, details);
        for (at, field) in &self.single {
            match field {
                Ok(field) => field.take(party, table.field(*at), ctx),
                Err(name) => {
                    party.say(Fact::new(name.as_str(), table.field(*at)));
                }
            }
        }
    }
}
