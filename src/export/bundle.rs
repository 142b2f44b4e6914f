//! Several files as one.

use super::Artifact;
use crate::error::{Error, Result};
use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

/// The files in one zip; the same files give the same bytes.
pub(super) fn bundle(artifacts: &[Artifact]) -> Result<Vec<u8>> {
    let fail = |e: std::io::Error| Error::io("bundle the files", e);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for a in artifacts {
        zip.start_file(a.name.as_str(), options).map_err(|e| fail(e.into()))?;
        zip.write_all(&a.bytes).map_err(fail)?;
    }
    Ok(zip.finish().map_err(|e| fail(e.into()))?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn files_come_out_as_they_went_in() {
        let file = |name: &str, bytes: &[u8]| Artifact { name: name.to_owned(), bytes: bytes.to_vec() };
        let files = [file("nodes.csv", "id\nК\n".repeat(1000).as_bytes()), file("empty", b"")];
        let bytes = bundle(&files).unwrap();
        assert!(bytes.len() < 1_000, "compressed");
        assert_eq!(bytes, bundle(&files).unwrap());
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(zip.len(), 2);
        for f in &files {
            let mut got = Vec::new();
            zip.by_name(&f.name).unwrap().read_to_end(&mut got).unwrap();
            assert_eq!(got, f.bytes);
        }
    }
}
