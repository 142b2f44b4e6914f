//! Parties somebody asks about: a table or JSON lines of names, with what else is known of them.

use super::rows::Rows;
use super::{Input, rows};
use crate::error::{Error, Kind, Place, Result};
use crate::names::{self, NameKind, Profile};
use serde_json::{Map, Value};

/// Values taken of one member, at most.
const MOST: usize = 64;

/// One party asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Its id in the file, else the number of its row.
    pub id: String,
    /// The line it stands on.
    pub line: u64,
    /// What is known of it; or why the row cannot be used.
    pub profile: std::result::Result<Profile, String>,
}

/// What a column or a member holds.
#[derive(Debug, Clone, PartialEq)]
enum Role {
    Id,
    Name(NameKind),
    /// Given names, put before the surname.
    First,
    Last,
    Kind,
    Birth,
    Country,
    Flag,
    /// Identifiers; the scheme where the column names one.
    Ids(String),
    Nothing,
}

/// The role of a header, by the words that such files use.
fn role(header: &str) -> Role {
    let plain: String = header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match plain.as_str() {
        "id" | "uid" | "ref" | "reference" | "number" | "no" | "nr" | "key" | "customerid" | "clientid" | "partyid"
        | "counterpartyid" | "recordid" | "externalid" => Role::Id,
        "name" | "names" | "fullname" | "query" | "caption" | "company" | "companyname" | "legalname" | "entity"
        | "entityname" | "customer" | "customername" | "client" | "clientname" | "counterparty"
        | "counterpartyname" | "party" | "partyname" | "vessel" | "vesselname" | "person" | "beneficiary"
        | "supplier" => Role::Name(NameKind::Main),
        "alias" | "aliases" | "aka" | "othername" | "othernames" | "alternativename" => Role::Name(NameKind::Alias),
        "weakalias" | "weakaliases" | "weakaka" => Role::Name(NameKind::Weak),
        "formername" | "formernames" | "previousname" | "fka" => Role::Name(NameKind::Former),
        "firstname" | "givenname" | "givennames" | "forename" => Role::First,
        "lastname" | "surname" | "familyname" => Role::Last,
        "type" | "kind" | "schema" | "entitytype" | "partytype" | "customertype" => Role::Kind,
        "dob" | "birth" | "births" | "birthdate" | "dateofbirth" | "born" | "birthday" | "yearofbirth" => Role::Birth,
        "country" | "countries" | "nationality" | "nationalities" | "citizenship" | "jurisdiction" | "residence"
        | "countrycode" => Role::Country,
        "flag" | "flags" | "vesselflag" => Role::Flag,
        "ids" | "identifier" | "identifiers" | "idnumber" | "idnumbers" => Role::Ids(String::new()),
        "imo" | "imonumber" => Role::Ids("IMO".to_owned()),
        "inn" | "ogrn" | "lei" | "mmsi" | "bic" | "isin" | "duns" | "uei" | "kpp" | "okpo" | "unp" | "edrpou" => {
            Role::Ids(plain.to_uppercase())
        }
        "swift" | "swiftbic" => Role::Ids("BIC".to_owned()),
        "passport" | "passportnumber" => Role::Ids("Passport".to_owned()),
        "taxid" | "taxnumber" | "vat" | "vatnumber" => Role::Ids("Tax ID".to_owned()),
        "regno" | "registrationnumber" | "companynumber" => Role::Ids("Registration Number".to_owned()),
        _ => Role::Nothing,
    }
}

/// Takes a value into a profile. Cells may hold several, set apart by `;` or `|`.
#[derive(Default)]
struct Filling {
    id: String,
    profile: Profile,
    first: String,
    last: String,
}

impl Filling {
    fn take(&mut self, role: &Role, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let p = &mut self.profile;
        let several = |list: &mut Vec<String>| {
            list.extend(parts(value).take(MOST).map(str::to_owned));
        };
        match role {
            Role::Id => value.clone_into(&mut self.id),
            // A main name may hold such a sign itself.
            Role::Name(NameKind::Main) => p.names.insert(0, (value.to_owned(), NameKind::Main)),
            Role::Name(borne) => p.names.extend(parts(value).take(MOST).map(|n| (n.to_owned(), *borne))),
            Role::First => value.clone_into(&mut self.first),
            Role::Last => value.clone_into(&mut self.last),
            Role::Kind => p.kind = names::Kind::parse(value),
            Role::Birth => several(&mut p.births),
            Role::Country => several(&mut p.countries),
            Role::Flag => several(&mut p.flags),
            Role::Ids(scheme) => {
                for v in parts(value).take(MOST) {
                    p.ids.push(match v.split_once(':') {
                        Some((own, v)) if scheme.is_empty() => (own.trim().to_owned(), v.trim().to_owned()),
                        _ => (scheme.clone(), v.to_owned()),
                    });
                }
            }
            Role::Nothing => {}
        }
    }

    fn done(mut self, row: u64, line: u64) -> Asked {
        if self.profile.names.is_empty() && !(self.first.is_empty() && self.last.is_empty()) {
            let name = format!("{} {}", self.first, self.last).trim().to_owned();
            self.profile.names.push((name, NameKind::Main));
        }
        let id = if self.id.is_empty() { row.to_string() } else { self.id };
        let nothing = self.profile.names.is_empty() && self.profile.ids.is_empty();
        let profile = if nothing { Err("neither a name nor an identifier".to_owned()) } else { Ok(self.profile) };
        Asked { id, line, profile }
    }
}

fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split([';', '|']).map(str::trim).filter(|v| !v.is_empty())
}

/// The parties of a file, one after the other.
pub struct AskedParties {
    from: From,
    row: u64,
}

enum From {
    Table { rows: Box<Rows>, roles: Vec<Role>, first: bool },
    Lines { input: Input, line: Vec<u8> },
}

impl AskedParties {
    /// Starts reading: JSON lines where the file begins with `{` or with a JSON text, else a table,
    /// whose first row names the columns. A table without such a row is a list of names, if it has
    /// one column.
    pub fn new(mut input: Input) -> Result<AskedParties> {
        let head = input.head();
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let start = head.iter().find(|b| !b.is_ascii_whitespace()).copied();
        let first = head.split(|b| *b == b'\n').find(|l| !l.iter().all(u8::is_ascii_whitespace)).unwrap_or_default();
        let json_text = start == Some(b'"')
            && serde_json::from_slice::<String>(first).is_ok_and(|t| {
                // A header whose only column is quoted looks the same.
                matches!(role(&t), Role::Nothing) && rows::delimiter(first) == b',' && !first.contains(&b',')
            });
        if start == Some(b'{') || json_text {
            return Ok(AskedParties { from: From::Lines { input, line: Vec::new() }, row: 0 });
        }
        if start == Some(b'[') {
            return Err(Error::input("this is a JSON array; one party a line is read")
                .at(input.place())
                .hint("write JSON lines: one object a line, without brackets around them"));
        }
        if start.is_none() {
            // Read to the end, so that what fails there is told.
            let mut rest = Vec::new();
            while input.line(&mut rest)? {}
        }
        let mut rows = Box::new(Rows::new(input));
        let mut roles = Vec::new();
        let mut names = false;
        let more = rows.next()?;
        if more {
            roles = (0..rows.len()).map(|i| role(rows.field(i))).collect();
            names = roles.iter().any(|r| matches!(r, Role::Name(_) | Role::First | Role::Last | Role::Ids(_)));
            if !names {
                if rows.len() != 1 {
                    return Err(Error::input("no column of the first row is called name").at(rows.here()).hint(
                        "name the columns in the first row: name, and as far as there are id, type, birth, country, ids",
                    ));
                }
                roles = vec![Role::Name(NameKind::Main)];
            }
        }
        Ok(AskedParties { from: From::Table { rows, roles, first: more && !names }, row: 0 })
    }

    /// The next party; `None` at the end. Fails only where nothing more can be read.
    // It can fail, so it is no iterator.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Asked>> {
        self.row += 1;
        match &mut self.from {
            From::Table { rows, roles, first } => {
                if !std::mem::take(first) {
                    match rows.next() {
                        Ok(true) => {}
                        Ok(false) => return Ok(None),
                        Err(e) if e.kind() == Kind::Input => return Ok(Some(unusable(self.row, &e))),
                        Err(e) => return Err(e),
                    }
                }
                let line = rows.here().line.unwrap_or(self.row);
                if rows.len() > roles.len() {
                    let why = format!("{} fields, the first row has {}", rows.len(), roles.len());
                    return Ok(Some(Asked { id: self.row.to_string(), line, profile: Err(why) }));
                }
                let mut filling = Filling::default();
                for (i, role) in roles.iter().enumerate() {
                    filling.take(role, rows.field(i));
                }
                Ok(Some(filling.done(self.row, line)))
            }
            From::Lines { input, line } => loop {
                match input.line(line) {
                    Ok(true) => {}
                    Ok(false) => return Ok(None),
                    Err(e) => return Err(e),
                }
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let at = input.line_number();
                let bad = |why: String| Asked { id: self.row.to_string(), line: at, profile: Err(why) };
                let bytes = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
                return Ok(Some(match serde_json::from_slice::<Value>(bytes) {
                    Ok(Value::Object(m)) => object(&m, self.row, at),
                    Ok(Value::String(name)) => {
                        let mut filling = Filling::default();
                        filling.take(&Role::Name(NameKind::Main), &name);
                        filling.done(self.row, at)
                    }
                    Ok(_) => bad("a line is an object or a name".to_owned()),
                    Err(e) => bad(format!("this is not JSON: {e}")),
                }));
            },
        }
    }
}

/// A row that cannot be read.
fn unusable(row: u64, e: &Error) -> Asked {
    let line = e.place().and_then(|p: &Place| p.line).unwrap_or(row);
    Asked { id: row.to_string(), line, profile: Err(e.message().to_owned()) }
}

/// A party as a JSON object, its members named as the columns of a table are: `name`, `aliases`,
/// `type`, `dob`, `country`, `ids`. Why it cannot be used, where it has neither name nor identifier.
pub fn asked_party(m: &Map<String, Value>) -> std::result::Result<Profile, String> {
    object(m, 0, 0).profile
}

/// A party as an object: members under the names that columns have, each a value or several.
fn object(m: &Map<String, Value>, row: u64, line: u64) -> Asked {
    let mut filling = Filling::default();
    for (key, value) in m {
        let role = role(key);
        let mut one = |v: &Value| match v {
            Value::String(s) if matches!(role, Role::Name(_)) && !s.trim().is_empty() => {
                // Several names of an array stand in their order.
                let Role::Name(borne) = role else { return };
                if filling.profile.names.len() < MOST {
                    let borne = if borne == NameKind::Main && filling.profile.names.iter().any(|(_, b)| *b == borne) {
                        NameKind::Alias
                    } else {
                        borne
                    };
                    filling.profile.names.push((s.trim().to_owned(), borne));
                }
            }
            Value::String(s) => filling.take(&role, s),
            Value::Number(n) => filling.take(&role, &n.to_string()),
            Value::Object(o) if matches!(role, Role::Ids(_)) => {
                let text = |k: &str| o.get(k).and_then(Value::as_str).unwrap_or_default();
                filling.take(&Role::Ids(text("scheme").to_owned()), text("value"));
            }
            _ => {}
        };
        match value {
            Value::Array(list) => list.iter().take(MOST).for_each(&mut one),
            v => one(v),
        }
    }
    filling.done(row, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(name: &str, text: &str) -> Vec<Asked> {
        let mut parties = AskedParties::new(Input::from_bytes(name, text.as_bytes().to_vec()).unwrap()).unwrap();
        let mut out = Vec::new();
        while let Some(a) = parties.next().unwrap() {
            out.push(a);
        }
        out
    }

    #[test]
    fn tables_and_lines_say_the_same() {
        let table = all(
            "a.csv",
            "Customer ID,Full Name,Type,Date of birth,Nationality,IMO,ids\n7,\"Kozlov, Sergey\",person,1960-01-02,Russia; KP,,INN:7701\n,SEA WOLF,vessel,,,9513268,\n",
        );
        let lines = all(
            "a.jsonl",
            "{\"id\": 7, \"name\": \"Kozlov, Sergey\", \"type\": \"person\", \"dob\": [\"1960-01-02\"], \"country\": [\"Russia\", \"KP\"], \"ids\": [\"INN:7701\"]}\n\n{\"name\": \"SEA WOLF\", \"type\": \"vessel\", \"imo\": 9513268}\n",
        );
        assert_eq!(table[0].profile, lines[0].profile);
        assert_eq!(table[1].profile, lines[1].profile);
        assert_eq!((table[0].id.as_str(), table[1].id.as_str(), lines[1].id.as_str()), ("7", "2", "2"));
        assert_eq!((table[1].line, lines[1].line), (3, 3));
        let p = table[0].profile.as_ref().unwrap();
        assert_eq!(p.names, [("Kozlov, Sergey".to_owned(), NameKind::Main)]);
        assert_eq!(p.countries, ["Russia", "KP"]);
        assert_eq!(p.ids, [("INN".to_owned(), "7701".to_owned())]);
    }

    #[test]
    fn plain_lists_of_names() {
        let names = |text| -> Vec<String> {
            all("-", text).into_iter().map(|a| a.profile.unwrap().names.remove(0).0).collect()
        };
        assert_eq!(names("Sergey Kozlov\nIntellekt OOO\n"), ["Sergey Kozlov", "Intellekt OOO"]);
        assert_eq!(names("name\nSergey Kozlov\n"), ["Sergey Kozlov"]);
        assert_eq!(names("first_name;surname\nSergey;Kozlov\n"), ["Sergey Kozlov"]);
        assert_eq!(names("\"Sergey Kozlov\"\n\"Intellekt\"\n"), ["Sergey Kozlov", "Intellekt"]);
        assert_eq!(names(""), Vec::<String>::new());
    }

    #[test]
    fn bad_rows_are_told_with_their_line() {
        let bad = |text| -> Vec<(u64, String)> {
            all("a", text).into_iter().filter_map(|a| Some((a.line, a.profile.err()?))).collect()
        };
        assert_eq!(bad("id,name\n1,\n2,A B\n"), [(2, "neither a name nor an identifier".to_owned())]);
        assert_eq!(bad("id,name\n1,A,B,C\n"), [(2, "4 fields, the first row has 2".to_owned())]);
        let lines = bad("{\"name\": \"A\"}\n[1]\n{\"name\": \n");
        assert_eq!(lines[0], (2, "a line is an object or a name".to_owned()));
        assert!(lines[1].0 == 3 && lines[1].1.starts_with("this is not JSON"));
        let refused =
            |text: &str| AskedParties::new(Input::from_bytes("a", text.as_bytes().to_vec()).unwrap()).is_err();
        assert!(refused("a,b\n1,2\n") && refused("[{\"name\": \"A\"}]") && !refused("name,b\n1,2\n"));
    }
}
