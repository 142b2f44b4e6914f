//! Registers of any size in bounded memory: writes a file of so many gigabytes in a format, imports
//! it with the program itself as a process of its own, and prints time, speed and the most memory
//! that process had.
//!
//! `cargo bench --bench streams -- [--gigabytes N] [--format ftm|psc|bods|statements] [--keep DIR]`

#![allow(clippy::unwrap_used)]

mod network;

use network::Lcg;
use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const FIRST: [&str; 12] =
    ["Oda", "Brisa", "Cyran", "Dovid", "Elka", "Fenna", "Gorin", "Hasse", "Ilja", "Jorun", "Kasimir", "Lotte"];
const LAST: [&str; 10] =
    ["Quillon", "Vestergaard", "Marchetti", "Oldham", "Nørgård", "Żak", "Ferrante", "Holm", "Sørli", "Tamm"];
const WORDS: [&str; 12] = [
    "Harbour",
    "Meridian",
    "Northfield",
    "Copper",
    "Silver",
    "Atlas",
    "Union",
    "Cedar",
    "Granite",
    "Falcon",
    "River",
    "Summit",
];

fn of(list: &[&'static str], r: &mut Lcg) -> &'static str {
    list[r.below(list.len() as u64) as usize]
}

/// A person's or a firm's invented name.
fn person(r: &mut Lcg) -> String {
    format!("{} {}{}", of(&FIRST, r), of(&LAST, r), r.below(9000))
}

fn firm(r: &mut Lcg) -> String {
    format!("{} {} {} Limited", of(&WORDS, r), of(&WORDS, r), r.below(90_000))
}

/// Writes one group of a company, its owner and what ties them; gives the text.
fn group(format: &str, i: u64, r: &mut Lcg, out: &mut String) {
    let (owner, company) = (person(r), firm(r));
    let (street, day, share) = (r.below(900), 1 + r.below(28), 1 + r.below(100));
    let month = 1 + r.below(12);
    let year = 1940 + r.below(60);
    let padding = "registered office and place of business as notified by the declaring company in its own words";
    match format {
        "ftm" => {
            // Every fourth company is owned by the company before it.
            let by = if i % 4 == 3 { format!("c-{}", i - 1) } else { format!("p-{i}") };
            writeln!(out, r#"{{"id":"p-{i}","caption":"{owner}","schema":"Person","properties":{{"name":["{owner}"],"birthDate":["{year}-{month:02}-{day:02}"],"nationality":["gb"],"address":["{street} High Street, Oldhaven"],"notes":["{padding}"]}},"datasets":["invented"]}}"#).unwrap();
            writeln!(out, r#"{{"id":"c-{i}","caption":"{company}","schema":"Company","properties":{{"name":["{company}"],"jurisdiction":["gb"],"registrationNumber":["{i:08}"],"incorporationDate":["20{:02}-{month:02}-{day:02}"],"address":["{street} Dock Road, Oldhaven"],"notes":["{padding}"]}},"datasets":["invented"]}}"#, r.below(24)).unwrap();
            writeln!(out, r#"{{"id":"o-{i}","caption":"Ownership","schema":"Ownership","properties":{{"owner":["{by}"],"asset":["c-{i}"],"percentage":["{share}"],"startDate":["20{:02}-{month:02}-{day:02}"],"sourceUrl":["https://register.example/companies/{i:08}/owners"],"summary":["{padding}"]}},"datasets":["invented"]}}"#, r.below(24)).unwrap();
        }
        "statements" => {
            let mut line = |id: &str, schema: &str, prop: &str, value: &str| {
                writeln!(
                    out,
                    r#"{id},{id},{prop},text,{schema},"{value}",invented,,,,f,2024-01-01,2024-06-01,{:x}{prop}"#,
                    i
                )
                .unwrap();
            };
            let (p, c, o) = (format!("p-{i:09}"), format!("c-{i:09}"), format!("o-{i:09}"));
            for (prop, value) in [("name", company.as_str()), ("jurisdiction", "gb"), ("notes", padding)] {
                line(&c, "Company", prop, value);
            }
            for (prop, value) in [("owner", p.as_str()), ("asset", c.as_str()), ("percentage", &share.to_string())] {
                line(&o, "Ownership", prop, value);
            }
            for (prop, value) in [("name", owner.as_str()), ("nationality", "gb"), ("notes", padding)] {
                line(&p, "Person", prop, value);
            }
        }
        "psc" => {
            writeln!(out, r#"{{"company_number":"{:08}","data":{{"address":{{"address_line_1":"{street} High Street","country":"England","locality":"Oldhaven","postal_code":"OH1 1AA","premises":"{street}"}},"country_of_residence":"England","date_of_birth":{{"month":{month},"year":{year}}},"etag":"{:040x}","kind":"individual-person-with-significant-control","links":{{"self":"/company/{:08}/persons-with-significant-control/individual/{i:027}"}},"name":"Mr {owner}","name_elements":{{"forename":"{}","surname":"{}","title":"Mr"}},"nationality":"British","natures_of_control":["ownership-of-shares-75-to-100-percent","voting-rights-75-to-100-percent"],"notified_on":"2016-{month:02}-{day:02}"}}}}"#, i * 3 / 4, i, i * 3 / 4, owner.split(' ').next().unwrap(), owner.split(' ').next_back().unwrap()).unwrap();
        }
        "bods" => {
            let tail = format!(
                r#""publicationDetails":{{"publicationDate":"2024-05-01","bodsVersion":"0.4","publisher":{{"name":"Invented register"}}}},"source":{{"type":["officialRegister"],"description":"{padding}"}}"#
            );
            writeln!(out, r#"{{"statementId":"aaaaaaaa-0000-0000-0000-{i:016}","declarationSubject":"c-{i}","statementDate":"2024-04-{day:02}","recordId":"c-{i}","recordType":"entity","recordStatus":"new","recordDetails":{{"isComponent":false,"entityType":{{"type":"registeredEntity"}},"name":"{company}","jurisdiction":{{"name":"United Kingdom","code":"GB"}},"identifiers":[{{"id":"{i:08}","scheme":"GB-COH"}}]}},{tail}}},"#).unwrap();
            writeln!(out, r#"{{"statementId":"bbbbbbbb-0000-0000-0000-{i:016}","declarationSubject":"c-{i}","statementDate":"2024-04-{day:02}","recordId":"p-{i}","recordType":"person","recordStatus":"new","recordDetails":{{"isComponent":false,"personType":"knownPerson","names":[{{"type":"legal","fullName":"{owner}"}}],"birthDate":"{year}-{month:02}"}},{tail}}},"#).unwrap();
            writeln!(out, r#"{{"statementId":"cccccccc-0000-0000-0000-{i:016}","declarationSubject":"c-{i}","statementDate":"2024-04-{day:02}","recordId":"r-{i}","recordType":"relationship","recordStatus":"new","recordDetails":{{"isComponent":false,"subject":"c-{i}","interestedParty":"p-{i}","interests":[{{"type":"shareholding","directOrIndirect":"direct","beneficialOwnershipOrControl":true,"share":{{"exact":{share}}},"startDate":"2016-{month:02}-{day:02}"}}]}},{tail}}},"#).unwrap();
        }
        other => panic!("unknown format {other}: ftm, psc, bods or statements"),
    }
}

/// Writes a file of at least so many bytes.
fn generate(format: &str, bytes: u64, path: &Path) -> u64 {
    let mut out = BufWriter::with_capacity(1 << 20, std::fs::File::create(path).unwrap());
    let (mut r, mut text, mut written, mut i) = (Lcg(5), String::new(), 0u64, 1u64);
    let head = match format {
        "bods" => "[\n",
        "statements" => {
            "canonical_id,entity_id,prop,prop_type,schema,value,dataset,origin,lang,original_value,external,first_seen,last_seen,id\n"
        }
        _ => "",
    };
    out.write_all(head.as_bytes()).unwrap();
    while written < bytes {
        text.clear();
        group(format, i, &mut r, &mut text);
        // An array ends without a comma.
        if format == "bods" && written + text.len() as u64 >= bytes {
            text.truncate(text.trim_end().len() - 1);
            text.push_str("\n]\n");
        }
        out.write_all(text.as_bytes()).unwrap();
        written += text.len() as u64;
        i += 1;
    }
    out.flush().unwrap();
    written
}

/// Runs a command to its end and gives the seconds and the most memory that it had, in MiB.
fn watch(mut command: Command) -> (f64, u64) {
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        // The kernel keeps the peak; the last look before the end is close to it.
        let seen = std::fs::read_to_string(&status).unwrap_or_default();
        let line = seen.lines().find_map(|l| l.strip_prefix("VmHWM:")).map(str::trim);
        if let Some(kib) = line.and_then(|l| l.split(' ').next()).and_then(|n| n.parse::<u64>().ok()) {
            most = most.max(kib / 1024);
        }
        if let Some(code) = child.try_wait().unwrap() {
            assert!(code.success(), "the import failed");
            return (start.elapsed().as_secs_f64(), most);
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.iter().any(|a| a == "--test") {
        return;
    }
    let flag = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).cloned();
    let gigabytes: f64 = flag("--gigabytes").map_or(2.0, |g| g.parse().unwrap());
    let formats =
        flag("--format").map_or(vec!["ftm".to_owned(), "psc".into(), "bods".into(), "statements".into()], |f| vec![f]);
    let dir = flag("--keep")
        .map_or_else(|| std::env::temp_dir().join(format!("cuibono-streams-{}", std::process::id())), PathBuf::from);
    std::fs::create_dir_all(&dir).unwrap();
    println!("{:<12} {:>9} {:>10} {:>9} {:>12} {:>10}", "format", "MB", "seconds", "MB/s", "peak MiB", "store MB");
    for format in formats {
        let ending = match format.as_str() {
            "statements" => "csv",
            "bods" => "json",
            _ => "jsonl",
        };
        let file = dir.join(format!("{format}-{gigabytes}.{ending}"));
        let bytes = match std::fs::metadata(&file) {
            Ok(m) => m.len(),
            Err(_) => generate(&format, (gigabytes * 1e9) as u64, &file),
        };
        let store = dir.join(format!("{format}.store"));
        std::fs::remove_dir_all(&store).ok();
        let mut command = Command::new(env!("CARGO_BIN_EXE_cuibono"));
        command.args(["--store", store.to_str().unwrap(), "--quiet", "import", "--release", "2024-06-01"]).arg(&file);
        command.stdout(std::process::Stdio::null());
        let (seconds, most) = watch(command);
        let size: u64 = std::fs::read_dir(&store).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
        let mb = bytes as f64 / 1e6;
        println!("{format:<12} {mb:>9.0} {seconds:>10.1} {:>9.1} {most:>12} {:>10}", mb / seconds, size / 1_000_000);
        if flag("--keep").is_none() {
            std::fs::remove_file(&file).ok();
            std::fs::remove_dir_all(&store).ok();
        }
    }
    std::fs::remove_dir(&dir).ok();
}
