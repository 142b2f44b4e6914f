//! Workbooks of every kind of cell, hostile ones, and damaged ones.

use super::testing::{ods, raw_ods, raw_xlsx, xlsx, zip};
use super::*;

fn input(bytes: Vec<u8>) -> Input {
    Input::from_bytes("t.bin", bytes).unwrap()
}

fn rows(bytes: Vec<u8>) -> Result<Vec<(u64, Vec<String>)>> {
    let mut table = Table::open(input(bytes))?;
    let mut out = Vec::new();
    while table.next()? {
        let line = table.here().line.unwrap();
        out.push((line, (0..table.len()).map(|i| table.field(i).to_owned()).collect()));
    }
    Ok(out)
}

fn refused(bytes: Vec<u8>) -> String {
    let e = rows(bytes).unwrap_err();
    assert_eq!(e.exit_code(), 2);
    e.to_string()
}

fn texts(rows: &[(u64, Vec<String>)]) -> Vec<(u64, Vec<&str>)> {
    rows.iter().map(|(n, r)| (*n, r.iter().map(String::as_str).collect())).collect()
}

#[test]
fn what_is_a_workbook() {
    assert!(is_workbook(&xlsx(&[&["a"]])) && is_workbook(&ods(&[&["a"]])));
    for ordinary in [
        zip(&[("list.csv", b"a,b"), ("xl/list.csv", b"a")]),
        zip(&[("word/document.xml", b"<d/>"), ("[Content_Types].xml", b"<t/>")]),
        zip(&[("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"<c/>")]),
        b"xl/workbook.xml".to_vec(),
        Vec::new(),
    ] {
        assert!(!is_workbook(&ordinary));
    }
    // The head of a workbook is all of it, so that its first rows can be looked at.
    let big: String = (0..90_000u64).map(|n| format!("{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    let bytes = xlsx(&[&["Unique ID", "Name"], &[&big[..1 << 19]], &[&big[1 << 19..1 << 20]]]);
    assert!(bytes.len() > 1 << 17, "{}", bytes.len());
    assert_eq!(input(bytes.clone()).head().len(), bytes.len());
    assert_eq!(Table::peek(&input(bytes), 1), [["Unique ID", "Name"]]);
    assert_eq!(Table::peek(&input(b"x,y\n1,\"2\n".to_vec()), 5), [["x", "y"]]);
}

#[test]
fn cells_of_office_open_xml() {
    let data = r#"<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>in </t><r><t>line</t></r></is></c></row>
        <row r="2"/><row><c><v>12703.0</v></c><c s="1"><v>44685</v></c><c s="2"><v>44685.25</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>a &amp; b</v></c></row>
        <row r="9"><c r="B9" s="1"><v>60</v></c><c r="D9"/></row>"#;
    let strings = "<si><t>no</t></si><si><r><rPr><b/></rPr><t xml:space=\"preserve\">Rudolf </t></r><r><t>R_x000D_</t></r><rPh><t>ru</t></rPh></si>";
    let styles = "<numFmts><numFmt numFmtId=\"200\" formatCode=\"dd/mm/yyyy hh:mm\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"200\"/></cellXfs>";
    let got = rows(raw_xlsx(data, strings, styles)).unwrap();
    assert_eq!(
        texts(&got),
        [
            (1, vec!["Rudolf R", "", "in line"]),
            (3, vec!["12703", "2022-05-04", "2022-05-04T06:00:00", "true", "#N/A", "a & b"]),
            (9, vec!["", "60"]),
        ]
    );
    let mut table = Table::open(input(raw_xlsx(data, strings, styles))).unwrap();
    while table.next().unwrap() {}
    let mut report = Report::default();
    table.note_other_sheets(&mut report);
    assert_eq!(report.skipped["further sheet of the workbook"].examples[0].text, "Notes");
}

#[test]
fn cells_of_open_document() {
    let sheet = r#"<table:table-header-rows><table:table-row><table:table-cell office:value-type="string"><text:p>a <text:span>b</text:span><text:s text:c="2"/>c</text:p><text:p>d<text:tab/>e<text:line-break/>f</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="12703"><text:p>12,703</text:p></table:table-cell></table:table-row></table:table-header-rows>
        <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="9"/></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="date" office:date-value="2022-05-04T00:00:00"><text:p>4 May</text:p><office:annotation><text:p>no</text:p></office:annotation></table:table-cell>
        <table:covered-table-cell/><table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:table-cell office:value-type="string" office:string-value="s"/></table:table-row>"#;
    let got = rows(raw_ods(sheet)).unwrap();
    let day = vec!["2022-05-04", "", "true", "s"];
    assert_eq!(texts(&got), [(1, vec!["a b  c\nd\te\nf", "12703", "12703"]), (5, day.clone()), (6, day)]);
    let mut table = Table::open(input(raw_ods(sheet))).unwrap();
    while table.next().unwrap() {}
    let mut report = Report::default();
    table.note_other_sheets(&mut report);
    assert_eq!(report.skipped["further sheet of the workbook"].count, 1);
}

#[test]
fn widths() {
    for bytes in [xlsx(&[&["a", "b"], &["1"], &["1", "2", "3"]]), ods(&[&["a", "b"], &["1"], &["1", "2", "3"]])] {
        let mut table = Table::open(input(bytes)).unwrap();
        assert!(table.next().unwrap());
        let header = table.header();
        assert_eq!(header.find("B"), Some(1));
        assert!(table.next().unwrap() && table.check(&header).is_ok());
        assert!(table.next().unwrap());
        assert_eq!(table.check(&header).unwrap_err().place().unwrap().line, Some(3));
    }
}

#[test]
fn hostile_workbooks() {
    let cell = |more: &str, text: &str| {
        format!(
            "<table:table-row {more}><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell></table:table-row>"
        )
    };
    assert!(refused(raw_ods(&cell("", "x"))).contains("columns"));
    let row = "<table:table-row table:number-rows-repeated=\"99999999999\"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>";
    assert!(refused(raw_ods(row)).contains("rows"));
    let blanks = "<table:table-row><table:table-cell><text:p>x<text:s text:c=\"4000000000\"/>y</text:p></table:table-cell></table:table-row>";
    assert_eq!(rows(raw_ods(blanks)).unwrap()[0].1[0].len(), 4098);
    let far = "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>1</v></c></row>";
    assert!(refused(raw_xlsx(far, "", "")).contains("columns"));
    let count = raw_xlsx("<row><c t=\"s\"><v>7</v></c></row>", "<si/>", "");
    assert!(refused(count).contains("string \"7\""));
    assert!(refused(raw_xlsx("<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>", "", "")).contains("twice"));
    let long = format!("<row><c t=\"str\"><v>{}</v></c></row>", "x".repeat(2 << 20));
    assert!(refused(raw_xlsx(&long, "", "")).contains("longer"));
    assert!(refused(raw_xlsx("<row><c><v>1</c></row>", "", "")).contains("sheet1.xml:1"));
    assert!(refused(zip(&[("xl/workbook.xml", b"<workbook/>")])).contains("missing"));
    assert!(refused(zip(&[("mimetype", b"application/pdf"), ("content.xml", b"<a/>")])).contains("pdf"));
    let doctype = b"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>";
    assert!(refused(zip(&[("=mimetype", ods::MIMETYPE.as_bytes()), ("content.xml", doctype)])).contains("DOCTYPE"));
}

#[test]
fn cut_and_flipped_workbooks_are_refused_or_read() {
    for file in [xlsx(&[&["a", "b"], &["1", "2"]]), ods(&[&["a", "b"], &["1", "2"]])] {
        assert_eq!(rows(file.clone()).unwrap().len(), 2);
        for cut in 0..file.len() {
            if let Ok(rows) = rows(file[..cut].to_vec()) {
                // So short that it is taken for text.
                assert!(cut < 80 || !rows.is_empty(), "{cut}");
            }
        }
        let mut x = 88172645463325252u64;
        for _ in 0..1500 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let mut bad = file.clone();
            let at = (x >> 8) as usize % bad.len();
            bad[at] ^= (x as u8).max(1);
            let _ = Input::from_bytes("t.xlsx", bad)
                .map(|i| Table::open(i).map(|mut t| while t.next().unwrap_or(false) {}));
        }
    }
}
