//! Makes workbooks for tests.

pub(crate) use super::zip::testing::zip;

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// An Office Open XML workbook of one sheet with these rows, as shared strings.
pub(crate) fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let (mut strings, mut data) = (String::new(), String::new());
    let mut n = 0;
    for (i, row) in rows.iter().enumerate() {
        data.push_str(&format!("<row r=\"{}\">", i + 1));
        for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            let letter = match c {
                0..26 => char::from(b'A' + c as u8).to_string(),
                _ => format!("{}{}", char::from(b'A' + (c / 26) as u8 - 1), char::from(b'A' + (c % 26) as u8)),
            };
            data.push_str(&format!("<c r=\"{letter}{}\" t=\"s\"><v>{n}</v></c>", i + 1));
            strings.push_str(&format!("<si><t xml:space=\"preserve\">{}</t></si>", escape(text)));
            n += 1;
        }
        data.push_str("</row>");
    }
    raw_xlsx(&data, &strings, "")
}

/// An Office Open XML workbook from the insides of its parts.
pub(crate) fn raw_xlsx(data: &str, strings: &str, styles: &str) -> Vec<u8> {
    let rel = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"http://schemas.example/relationships/{kind}\" Target=\"{target}\"/>")
    };
    let rels = |r: &str| format!("<Relationships>{r}</Relationships>");
    let root = rels(&rel("r1", "officeDocument", "xl/workbook.xml"));
    let book = [
        rel("s1", "worksheet", "/xl/worksheets/sheet1.xml"),
        rel("s2", "worksheet", "worksheets/sheet2.xml"),
        rel("x", "sharedStrings", "sharedStrings.xml"),
        rel("y", "styles", "styles.xml"),
    ];
    let sheets = "<workbook xmlns:r=\"r\"><workbookPr/><sheets><sheet name=\"List\" sheetId=\"1\" r:id=\"s1\"/><sheet name=\"Notes\" sheetId=\"2\" r:id=\"s2\"/></sheets></workbook>";
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", sheets.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels(&book.concat()).as_bytes()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><cols><col/></cols><sheetData>{data}</sheetData><pageSetup/></worksheet>").as_bytes(),
        ),
        ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>").as_bytes()),
        ("xl/styles.xml", format!("<styleSheet>{styles}</styleSheet>").as_bytes()),
    ])
}

/// An OpenDocument spreadsheet of one sheet with these rows.
pub(crate) fn ods(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |t: &&str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>\n", escape(t))
    };
    let row = |r: &&[&str]| format!("<table:table-row>{}</table:table-row>\n", r.iter().map(cell).collect::<String>());
    raw_ods(&rows.iter().map(row).collect::<String>())
}

/// An OpenDocument spreadsheet from the inside of its first sheet.
pub(crate) fn raw_ods(sheet: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>\
         <table:table table:name=\"List\"><table:table-column/>{sheet}<table:table-row table:number-rows-repeated=\"1048000\">\
         <table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>\
         <table:table table:name=\"Notes\"><table:table-row/></table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("=mimetype", super::ods::MIMETYPE.as_bytes()),
        ("META-INF/manifest.xml", b"<m/>"),
        ("content.xml", content.as_bytes()),
    ])
}
