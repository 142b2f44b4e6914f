//! What kind of identifier a source's word for it means, and the check digits of those that have some.
//! Schemes: IMO resolution A.1117(30), ISO 17442 (LEI), GB 32100-2015 (USCC), the Russian tax and
//! registration numbers (INN, OGRN).

/// What kind of identifier a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// Number of a ship.
    Imo,
    /// Number of a shipping company.
    ImoCompany,
    /// Legal entity identifier.
    Lei,
    /// Russian tax number.
    Inn,
    /// Russian registration number.
    Ogrn,
    /// A tax number of a country.
    Tax,
    /// A registration number of a country.
    Registration,
    /// Chinese unified social credit code.
    Uscc,
    /// A passport.
    Passport,
    /// A national identity number.
    National,
    /// An entry number of a list, that another source names.
    Entry,
    /// Anything else, by its name.
    Other,
}

impl Scheme {
    /// The word used in evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Imo => "imo",
            Scheme::ImoCompany => "imo_company",
            Scheme::Lei => "lei",
            Scheme::Inn => "inn",
            Scheme::Ogrn => "ogrn",
            Scheme::Tax => "tax",
            Scheme::Registration => "registration",
            Scheme::Uscc => "uscc",
            Scheme::Passport => "passport",
            Scheme::National => "national",
            Scheme::Entry => "entry",
            Scheme::Other => "other",
        }
    }
}

impl Scheme {
    /// The scheme that a source's name for it means: letters and digits of the name, lower case.
    pub fn of(name: &str) -> Scheme {
        match name {
            "imo" | "imonumber" | "imono" | "vesselregistrationidentificationimo" => Scheme::Imo,
            "identificationnumberimo" | "companynumberimo" | "companyimonumber" | "imocompanynumber" => {
                Scheme::ImoCompany
            }
            "lei" | "leicode" | "legalentitynumber" | "legalentityidentifier" => Scheme::Lei,
            "inn" | "inncode" | "taxpayeridentificationnumberinn" | "ruinn" => Scheme::Inn,
            "ogrn"
            | "ogrncode"
            | "mainstateregistrationnumber"
            | "ogrnnumber"
            | "ruogrn"
            | "primarystateregistrationnumber" => Scheme::Ogrn,
            "unifiedsocialcreditcodeuscc" | "unifiedsocialcreditcode" | "uscc" | "usccode" => Scheme::Uscc,
            "passport" | "passportnumber" | "passportno" | "nationalpassportnumber" | "diplomaticpassport" => {
                Scheme::Passport
            }
            "taxidno"
            | "taxnumber"
            | "taxid"
            | "taxidentificationnumber"
            | "fiscalcode"
            | "taxcode"
            | "tin"
            | "vatnumber"
            | "vatcode"
            | "vat"
            | "nit"
            | "ruc"
            | "rif"
            | "rfc"
            | "usfein"
            | "ein" => Scheme::Tax,
            "registrationnumber"
            | "registrationid"
            | "registrationno"
            | "companynumber"
            | "businessregistrationnumber"
            | "ukcompanynumber"
            | "commercialregistrynumber"
            | "businessnumber"
            | "crno"
            | "enterprisenumber"
            | "businessidentificationnumber"
            | "companyregistrationnumber"
            | "chamberofcommercenumber" => Scheme::Registration,
            "nationalidno"
            | "nationalid"
            | "nationalidentificationnumber"
            | "idnumber"
            | "idcard"
            | "personalidcard"
            | "cedulano"
            | "dni"
            | "curp"
            | "identificationnumber"
            | "nationalidentitycard"
            | "socialsecuritynumber"
            | "ssn" => Scheme::National,
            _ => Scheme::Other,
        }
    }

    /// Whether the check digits of a value fit; `true` for schemes that have none. The value is
    /// letters and digits, upper case.
    pub fn fits(self, value: &str) -> bool {
        match self {
            Scheme::Imo => imo_fits(value),
            Scheme::Lei => lei_fits(value),
            Scheme::Inn => inn_fits(value),
            Scheme::Ogrn => ogrn_fits(value),
            Scheme::Uscc => uscc_fits(value),
            _ => true,
        }
    }
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

fn weighted(d: &[u32], weights: &[u32]) -> u32 {
    d.iter().zip(weights).map(|(a, b)| a * b).sum()
}

/// Check digit of a ship's number.
fn imo_fits(value: &str) -> bool {
    let Some(d) = digits(value).filter(|d| d.len() == 7) else { return false };
    d.last() == Some(&(weighted(&d, &[7, 6, 5, 4, 3, 2]) % 10))
}

/// ISO 7064, MOD 97-10.
fn lei_fits(value: &str) -> bool {
    if value.len() != 20 {
        return false;
    }
    let mut rest = 0u32;
    for c in value.chars() {
        let Some(n) = c.to_digit(36) else { return false };
        rest = (if n < 10 { rest * 10 + n } else { rest * 100 + n }) % 97;
    }
    rest == 1
}

fn inn_fits(value: &str) -> bool {
    const W: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let Some(d) = digits(value) else { return false };
    let check =
        |n: usize, weights: &[u32]| d.get(n) == Some(&(weighted(d.get(..n).unwrap_or_default(), weights) % 11 % 10));
    match d.len() {
        10 => check(9, W.get(2..).unwrap_or_default()),
        12 => check(10, W.get(1..).unwrap_or_default()) && check(11, &W),
        _ => false,
    }
}

fn ogrn_fits(value: &str) -> bool {
    let modulus = match value.len() {
        13 => 11,
        15 => 13,
        _ => return false,
    };
    let Some((head, last)) = value.split_at_checked(value.len() - 1) else { return false };
    match (head.parse::<u64>(), last.parse::<u64>()) {
        (Ok(n), Ok(last)) => n % modulus % 10 == last,
        _ => false,
    }
}

/// Check character of a Chinese unified social credit code, GB 32100-2015.
fn uscc_fits(value: &str) -> bool {
    const CHARS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    if value.len() != 18 {
        return false;
    }
    let (mut sum, mut weight, mut last) = (0u32, 1u32, 0u32);
    for (i, c) in value.chars().enumerate() {
        let Some(n) = CHARS.find(c).map(|n| n as u32) else { return false };
        if i == 17 {
            last = n;
        } else {
            sum += n * weight;
            weight = weight * 3 % 31;
        }
    }
    (31 - sum % 31) % 31 == last
}
