//! Which of the files given together make up one release.

use super::io::Io;
use cuibono::error::Result;
use cuibono::import::{Input, detect};

/// Files of one release, with the key that they share.
struct Group {
    key: String,
    files: Vec<Input>,
}

/// Files by release, and what was left out of archives.
pub(crate) struct Groups {
    /// The files of each release.
    pub(crate) files: Vec<Vec<Input>>,
    unused: Vec<String>,
}

impl Groups {
    /// Says which members of archives are not used.
    pub(crate) fn tell(&self, io: &Io<'_>) {
        for name in self.unused.iter().take(10) {
            io.note(&format!("not used, in no known format: {name}"));
        }
        if let Some(more) = self.unused.len().checked_sub(11) {
            io.note(&format!("and {} more members of archives not used", more + 1));
        }
    }
}

/// Sorts files into releases, in the order in which they were given. The files of an OFAC CSV
/// set belong together by list and by the date in their names, tables belong together, and so
/// do documents of one scope; any other file is a release of its own. With `single` everything
/// of one format is one release. Members of an archive that are in no known format are left out,
/// and named, unless there is nothing else.
pub(crate) fn group(files: Vec<Input>, format: Option<&str>, single: bool) -> Result<Groups> {
    let mut unused: Vec<String> = Vec::new();
    let mut refusal = None;
    let mut groups: Vec<Group> = Vec::new();
    let mut undated: Vec<(String, Input)> = Vec::new();
    for (i, file) in files.into_iter().enumerate() {
        let name = match detect(std::slice::from_ref(&file), format) {
            Ok(f) => f.name,
            Err(e) if file.is_member() => {
                unused.push(file.name().to_owned());
                refusal.get_or_insert(e);
                continue;
            }
            Err(e) => return Err(e),
        };
        let key = match name {
            _ if single => name.to_owned(),
            "ofac-csv" => {
                let list = if file.stem().to_ascii_lowercase().starts_with("cons") { "cons" } else { "sdn" };
                let prefix = format!("{name} {list} ");
                let date: String = file.stem().chars().filter(char::is_ascii_digit).collect();
                if date.is_empty() {
                    undated.push((prefix, file));
                    continue;
                }
                prefix + &date
            }
            // Node files and relations of one set.
            "table" | "icij" => name.to_owned(),
            "document" => match scope(file.head()) {
                Some(scope) => format!("{name} {scope}"),
                None => format!("{name} #{i}"),
            },
            _ => format!("{name} #{i}"),
        };
        put(&mut groups, key, file);
    }
    // A file without a date joins the only release of its list.
    for (prefix, file) in undated {
        let mut keys = groups.iter().filter(|g| g.key.starts_with(&prefix)).map(|g| g.key.clone());
        let key = match (keys.next(), keys.next()) {
            (Some(only), None) => only,
            _ => prefix,
        };
        put(&mut groups, key, file);
    }
    match refusal {
        Some(e) if groups.is_empty() => Err(e),
        _ => Ok(Groups { files: groups.into_iter().map(|g| g.files).collect(), unused }),
    }
}

fn put(groups: &mut Vec<Group>, key: String, file: Input) {
    match groups.iter_mut().find(|g| g.key == key) {
        Some(g) => g.files.push(file),
        None => groups.push(Group { key, files: vec![file] }),
    }
}

/// The first member `"scope"` of a document, where its beginning has one.
fn scope(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let (_, rest) = text.split_once("\"scope\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    rest.split_once('"').map(|(scope, _)| scope.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(files: &[(&str, &str)], single: bool) -> Vec<Vec<String>> {
        let inputs = files.iter().map(|(n, b)| Input::from_bytes(n, b.as_bytes().to_vec()).unwrap()).collect();
        let groups = group(inputs, None, single).unwrap().files;
        groups.iter().map(|g| g.iter().map(|f| f.name().to_owned()).collect()).collect()
    }

    const PRIMARY: &str = "11,\"QUILLON\",-0- ,\"NORD1\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n";
    const ALIAS: &str = "11,1,\"aka\",\"NQ\",-0- \r\n";
    const COMMENT: &str = "11,\"rest of it.\"\r\n";

    #[test]
    fn sets_of_lists_stay_together() {
        let files = [
            ("sdn-2023-08-31.csv", PRIMARY),
            ("cons_prim-2023-08-31.csv", PRIMARY),
            ("alt-2023-08-31.csv", ALIAS),
            ("sdn_comments.csv", COMMENT),
            ("sdn-2023-09-14.csv", PRIMARY),
        ];
        let got = grouped(files.get(..4).unwrap(), false);
        assert_eq!(
            got,
            [vec!["sdn-2023-08-31.csv", "alt-2023-08-31.csv", "sdn_comments.csv"], vec!["cons_prim-2023-08-31.csv"]]
        );
        // With two releases of the list nobody can tell whose the comments are.
        assert_eq!(grouped(&files, false).len(), 4);
        assert_eq!(grouped(&files, true).len(), 1);
    }

    #[test]
    fn documents_go_by_scope_and_tables_together() {
        let doc = |scope: &str| format!("{{\"cuibono\": 1, \"scope\": \"{scope}\", \"nodes\": []}}");
        let (a, b) = (doc("a"), doc("b"));
        let bare = "{\"cuibono\": 1, \"nodes\": []}";
        let got = grouped(&[("1.json", &a), ("2.json", &b), ("3.json", &a), ("4.json", bare), ("5.json", bare)], false);
        assert_eq!(got, [vec!["1.json", "3.json"], vec!["2.json"], vec!["4.json"], vec!["5.json"]]);
        let tables = [("n.csv", "id,type,name\n1,person,Jane\n"), ("e.csv", "source,target,type\n1,1,knows\n")];
        assert_eq!(grouped(&tables, false), [["n.csv", "e.csv"]]);
        let leak = [
            ("nodes-officers.csv", "node_id,name,sourceID\n1,Jane,X\n"),
            ("relationships.csv", "node_id_start,node_id_end,rel_type\n1,2,similar\n"),
        ];
        assert_eq!(grouped(&leak, false), [["nodes-officers.csv", "relationships.csv"]]);
    }
}
