//! A bounded reader over quick-xml that the XML formats share.
//!
//! Containers are walked with [`Xml::step`]; one item of interest is then taken whole as a
//! [`Tree`], whose memory is used again for the next. So memory follows the largest item and
//! never the file. A document type is refused, so no entity can be defined, let alone expand.

use super::Input;
use crate::error::{Error, Place, Result};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::{self, BufRead, Read};

/// Deepest nesting accepted.
const MAX_DEPTH: usize = 256;
/// Most attributes of one element.
const MAX_ATTRIBUTES: usize = 1024;
/// Longest text of one element, and longest tag or comment, in bytes.
const MAX_TEXT: usize = 16 << 20;
/// Most elements of one [`Tree`].
const MAX_NODES: usize = 4 << 20;
/// Most bytes of one [`Tree`].
const MAX_TREE: usize = 256 << 20;

/// What [`Xml::step`] came upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A start tag: [`Xml::tag`] holds it, [`Xml::subtree`] takes all of it.
    Start,
    /// The end tag of the element that was open.
    End,
    /// The end of the file, after the root element.
    Eof,
}

/// Passes bytes on, counts lines, and stops a piece of markup that never ends before it
/// fills the memory.
struct Guard {
    input: Input,
    left: usize,
    line: u64,
    over: bool,
}

impl Read for Guard {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.input.read(buf)
    }
}

impl BufRead for Guard {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            self.over = true;
            return Err(io::Error::other("too long"));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed is still in the buffer, so this reads nothing and cannot fail.
        let taken = self.input.fill_buf().ok().and_then(|b| b.get(..amount)).unwrap_or_default();
        self.line += taken.iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
        self.left = self.left.saturating_sub(amount);
        self.input.consume(amount);
    }
}

/// An XML file being read.
pub(super) struct Xml {
    reader: Reader<Guard>,
    buf: Vec<u8>,
    depth: usize,
    rooted: bool,
    pending: String,
    tag: Tree,
    /// Whether texts keep their blanks and their place among elements.
    mixed: bool,
}

fn place_of(reader: &Reader<Guard>) -> Place {
    let guard = reader.get_ref();
    guard.input.place().line(guard.line)
}

fn refuse(reader: &Reader<Guard>, message: impl Into<String>) -> Error {
    Error::input(message).at(place_of(reader))
}

fn failure(reader: &Reader<Guard>, e: quick_xml::Error) -> Error {
    // The reader knows where its own errors are, not where the guard or the decoder stopped it.
    let at = if reader.get_ref().over || matches!(e, quick_xml::Error::Encoding(_)) {
        reader.buffer_position()
    } else {
        reader.error_position()
    };
    let place = place_of(reader).offset(at);
    let again = "fetch the file again and compare its size with the publisher's";
    match e {
        quick_xml::Error::Io(_) if reader.get_ref().over => {
            Error::input(format!("a text, tag or comment is longer than {MAX_TEXT} bytes")).at(place)
        }
        quick_xml::Error::Io(e) => reader.get_ref().input.read_error(io::Error::new(e.kind(), e.to_string())),
        quick_xml::Error::Encoding(e) => {
            Error::input(format!("not valid UTF-8: {e}")).at(place).hint("convert the file to UTF-8")
        }
        e => Error::input(format!("malformed XML: {e}")).at(place).hint(again),
    }
}

fn entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "apos" => "'",
        "quot" => "\"",
        _ => return None,
    })
}

/// The local name of the root element and the text of its tag, from the head of a file; empty
/// where the file is no XML. For telling formats apart: nothing is checked.
pub(super) fn root(input: &Input) -> (String, String) {
    // The head of a workbook is long, and no text.
    if input.head().starts_with(b"PK\x03\x04") {
        return Default::default();
    }
    let head = String::from_utf8_lossy(input.head());
    let text = head.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return Default::default();
    }
    let tag = text.split('<').skip(1).find(|t| t.starts_with(|c: char| c.is_alphabetic())).unwrap_or_default();
    let tag = tag.split('>').next().unwrap_or_default();
    let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    (name.rsplit(':').next().unwrap_or_default().to_owned(), tag.to_owned())
}

impl Xml {
    /// Starts reading a file.
    pub(super) fn new(input: Input) -> Xml {
        let mut reader = Reader::from_reader(Guard { input, left: MAX_TEXT, line: 1, over: false });
        reader.config_mut().expand_empty_elements = true;
        let (pending, tag) = (String::new(), Tree::default());
        Xml { reader, buf: Vec::new(), depth: 0, rooted: false, pending, tag, mixed: false }
    }

    /// Starts reading a file whose texts have elements between them, such as a document of an
    /// office program: each stretch of text is then a child without a name, blanks and all, and
    /// [`El::text`] of the element around it is empty; see [`El::descendants`].
    pub(super) fn mixed(input: Input) -> Xml {
        Xml { mixed: true, ..Xml::new(input) }
    }

    /// The place reached: the line on which the last tag ended.
    pub(super) fn place(&self) -> Place {
        place_of(&self.reader)
    }

    /// The start tag that [`Xml::step`] came upon, with its attributes.
    pub(super) fn tag(&self) -> El<'_> {
        self.tag.root()
    }

    /// Goes on to the next start or end tag; text between elements is passed over.
    ///
    /// # Errors
    /// Malformed or truncated XML, invalid UTF-8, a document type, and anything beyond the
    /// limits of this module, with line and byte offset.
    pub(super) fn step(&mut self) -> Result<Step> {
        let mut tag = std::mem::take(&mut self.tag);
        tag.clear();
        let step = self.event(&mut tag);
        self.tag = tag;
        step
    }

    /// Passes over the rest of the element whose start tag came last.
    pub(super) fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.step()?;
        }
        Ok(())
    }

    /// Reads all of the element whose start tag came last into `tree`.
    pub(super) fn subtree(&mut self, tree: &mut Tree) -> Result<()> {
        std::mem::swap(tree, &mut self.tag);
        let outside = self.depth.saturating_sub(1);
        while !tree.nodes.is_empty() && self.depth > outside {
            self.event(tree)?;
        }
        Ok(())
    }

    /// The next tag, written into `tree`: a start tag opens a node, an end tag closes one.
    fn event(&mut self, tree: &mut Tree) -> Result<Step> {
        loop {
            self.buf.clear();
            self.reader.get_mut().left = MAX_TEXT;
            let event = match self.reader.read_event_into(&mut self.buf) {
                Ok(event) => event,
                Err(e) => return Err(failure(&self.reader, e)),
            };
            match event {
                Event::Start(e) | Event::Empty(e) => {
                    if self.depth == 0 && self.rooted {
                        return Err(refuse(&self.reader, "a second root element"));
                    }
                    self.rooted = true;
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(refuse(&self.reader, format!("elements are nested deeper than {MAX_DEPTH}")));
                    }
                    tree.take_text(&mut self.pending, self.mixed);
                    tree.open(&e).map_err(|m| refuse(&self.reader, m))?;
                    return Ok(Step::Start);
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    tree.take_text(&mut self.pending, self.mixed);
                    tree.close();
                    return Ok(Step::End);
                }
                Event::Text(t) => self.pending.push_str(&t.xml10_content()),
                Event::CData(t) => self.pending.push_str(&t.xml10_content()),
                Event::GeneralRef(r) => match (r.resolve_char_ref(), entity(&r)) {
                    (Ok(Some(c)), _) => self.pending.push(c),
                    (Ok(None), Some(text)) => self.pending.push_str(text),
                    (Ok(None), None) => {
                        return Err(refuse(&self.reader, format!("unknown entity &{};", r.as_ref())));
                    }
                    (Err(e), _) => return Err(failure(&self.reader, e)),
                },
                Event::DocType(_) => {
                    return Err(refuse(&self.reader, "the file has a DOCTYPE; document types are not accepted")
                        .hint("fetch the file from the publisher; its lists have none"));
                }
                Event::Decl(d) => {
                    let named = d.encoding().and_then(std::result::Result::ok).unwrap_or_default();
                    if !matches!(named.to_ascii_lowercase().as_str(), "" | "utf-8" | "utf8" | "us-ascii" | "ascii") {
                        return Err(refuse(&self.reader, format!("encoding {named:?} is not supported"))
                            .hint("convert the file to UTF-8"));
                    }
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof if self.depth > 0 => {
                    let message = format!("the file ends early, with {} elements still open", self.depth);
                    return Err(refuse(&self.reader, message)
                        .hint("fetch the file again and compare its size with the publisher's"));
                }
                Event::Eof if !self.rooted => return Err(refuse(&self.reader, "the file holds no XML element")),
                Event::Eof => return Ok(Step::Eof),
            }
            if self.depth == 0 && !self.pending.trim().is_empty() {
                return Err(refuse(&self.reader, "text outside the root element"));
            }
            if self.pending.len() > MAX_TEXT || tree.text.len() > MAX_TREE {
                return Err(refuse(&self.reader, format!("a text is longer than {MAX_TEXT} bytes")));
            }
        }
    }
}

type Span = std::ops::Range<usize>;

#[derive(Debug, Clone, Default)]
struct Node {
    name: Span,
    attrs: Span,
    body: Span,
    /// Index of the first node after this element.
    end: usize,
}

/// One element with all it holds: nodes in the order of the file, texts in one buffer.
#[derive(Debug, Default)]
pub(super) struct Tree {
    text: String,
    nodes: Vec<Node>,
    attrs: Vec<(Span, Span)>,
    open: Vec<usize>,
}

impl Tree {
    fn clear(&mut self) {
        self.text.clear();
        self.nodes.clear();
        self.attrs.clear();
        self.open.clear();
    }

    fn keep(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    fn open(&mut self, e: &BytesStart<'_>) -> std::result::Result<(), String> {
        if self.nodes.len() >= MAX_NODES || self.text.len() > MAX_TREE {
            return Err(format!("one item holds over {MAX_NODES} elements or {MAX_TREE} bytes"));
        }
        let name = self.keep(e.local_name().into_inner());
        let first = self.attrs.len();
        for (n, a) in e.attributes().enumerate() {
            if n >= MAX_ATTRIBUTES {
                return Err(format!("an element has more than {MAX_ATTRIBUTES} attributes"));
            }
            let a = a.map_err(|e| format!("malformed attribute: {e}"))?;
            let value =
                a.normalized_value(XmlVersion::Implicit1_0).map_err(|e| format!("malformed attribute value: {e}"))?;
            let pair = (self.keep(a.key.local_name().into_inner()), self.keep(&value));
            self.attrs.push(pair);
        }
        let at = self.nodes.len();
        self.nodes.push(Node { name, attrs: first..self.attrs.len(), body: 0..0, end: at + 1 });
        self.open.push(at);
        Ok(())
    }

    fn close(&mut self) {
        let end = self.nodes.len();
        if let Some(node) = self.open.pop().and_then(|at| self.nodes.get_mut(at)) {
            node.end = end;
        }
    }

    /// Gives the text collected so far to the innermost open element; text before and after
    /// a child is joined by a blank. In mixed content it becomes a child without a name.
    fn take_text(&mut self, pending: &mut String, mixed: bool) {
        if mixed {
            if !self.open.is_empty() && !pending.is_empty() {
                let (body, end) = (self.keep(pending), self.nodes.len() + 1);
                self.nodes.push(Node { body, end, ..Node::default() });
            }
            pending.clear();
            return;
        }
        let found = pending.trim();
        if let Some(at) = self.open.last().copied().filter(|_| !found.is_empty()) {
            let old = self.nodes.get(at).map(|n| n.body.clone()).unwrap_or_default();
            let start = self.text.len();
            if !old.is_empty() {
                self.text.extend_from_within(old);
                self.text.push(' ');
            }
            self.text.push_str(found);
            let end = self.text.len();
            if let Some(node) = self.nodes.get_mut(at) {
                node.body = start..end;
            }
        }
        pending.clear();
    }

    /// How many elements there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The outermost element.
    pub(super) fn root(&self) -> El<'_> {
        El { tree: self, at: 0 }
    }
}

/// An element of a [`Tree`].
#[derive(Clone, Copy)]
pub(super) struct El<'a> {
    tree: &'a Tree,
    at: usize,
}

impl<'a> El<'a> {
    fn node(self) -> Option<&'a Node> {
        self.tree.nodes.get(self.at)
    }

    fn str(self, span: &Span) -> &'a str {
        self.tree.text.get(span.clone()).unwrap_or_default()
    }

    /// Local name.
    pub(super) fn name(self) -> &'a str {
        self.node().map(|n| self.str(&n.name)).unwrap_or_default()
    }

    /// The element's own text without blanks at its ends; empty where there is none.
    pub(super) fn text(self) -> &'a str {
        self.node().map(|n| self.str(&n.body)).unwrap_or_default()
    }

    /// All attributes, by local name.
    pub(super) fn attrs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let span = self.node().map(|n| n.attrs.clone()).unwrap_or_default();
        self.tree.attrs.get(span).unwrap_or_default().iter().map(move |(k, v)| (self.str(k), self.str(v)))
    }

    /// An attribute by local name; empty where there is none.
    pub(super) fn attr(self, name: &str) -> &'a str {
        self.attrs().find(|(k, _)| *k == name).map(|(_, v)| v.trim()).unwrap_or_default()
    }

    /// Whether an attribute of type boolean is set.
    pub(super) fn flag(self, name: &str) -> bool {
        matches!(self.attr(name), "true" | "1")
    }

    /// The elements directly inside, in the order of the file.
    pub(super) fn children(self) -> impl Iterator<Item = El<'a>> {
        let end = self.node().map_or(0, |n| n.end);
        let mut next = self.at + 1;
        std::iter::from_fn(move || {
            let at = next;
            let node = self.tree.nodes.get(at).filter(|_| at < end)?;
            next = node.end.max(at + 1);
            Some(El { tree: self.tree, at })
        })
    }

    /// Everything inside, however deep, in the order of the file.
    pub(super) fn descendants(self) -> impl Iterator<Item = El<'a>> {
        let end = self.node().map_or(0, |n| n.end);
        (self.at + 1..end).map(move |at| El { tree: self.tree, at })
    }

    /// The elements of one name directly inside.
    pub(super) fn all(self, name: &'a str) -> impl Iterator<Item = El<'a>> {
        self.children().filter(move |c| c.name() == name)
    }

    /// The first element of one name directly inside.
    pub(super) fn child(self, name: &str) -> Option<El<'a>> {
        self.children().find(|c| c.name() == name)
    }

    /// The text of the first element of one name directly inside; empty where there is none.
    pub(super) fn child_text(self, name: &str) -> &'a str {
        self.child(name).map(El::text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Tree> {
        let mut xml = Xml::new(Input::from_bytes("t.xml", text.to_vec())?);
        let mut tree = Tree::default();
        assert_eq!(xml.step()?, Step::Start);
        xml.subtree(&mut tree)?;
        assert_eq!(xml.step()?, Step::Eof);
        Ok(tree)
    }

    fn refused(text: &[u8]) -> String {
        match read(text) {
            Err(e) => {
                assert_eq!(e.exit_code(), 2);
                e.to_string()
            }
            Ok(_) => panic!("accepted: {}", String::from_utf8_lossy(text)),
        }
    }

    #[test]
    fn trees() {
        let text = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><p:a xmlns:p='u' x:k='1 &lt; &#x416;'>\n \
                    <b> one &amp; <![CDATA[<two>]]> &#1078;</b><c/>mid<p:b f='true'>three</p:b>dle</p:a>\n";
        let tree = read(text.as_bytes()).unwrap();
        let a = tree.root();
        assert_eq!((a.name(), a.attr("k"), a.text()), ("a", "1 < Ж", "mid dle"));
        assert_eq!(a.all("b").map(El::text).collect::<Vec<_>>(), ["one & <two> ж", "three"]);
        assert_eq!((a.children().count(), tree.len()), (3, 4));
        assert!(a.children().last().unwrap().flag("f") && a.child("c").unwrap().text().is_empty());
    }

    #[test]
    fn walking_and_skipping() {
        let mut xml = Xml::new(Input::from_bytes("t.xml", b"<a><b><c/><c/></b>\n<d k='v'/></a>".to_vec()).unwrap());
        xml.step().unwrap();
        xml.step().unwrap();
        assert_eq!(xml.tag().name(), "b");
        xml.skip().unwrap();
        assert_eq!(xml.step().unwrap(), Step::Start);
        assert_eq!((xml.tag().attr("k"), xml.place().line), ("v", Some(2)));
        assert_eq!(xml.step().unwrap(), Step::End);
        assert_eq!(xml.step().unwrap(), Step::End);
        assert_eq!(xml.step().unwrap(), Step::Eof);
    }

    #[test]
    fn mixed_content() {
        let text = "<a><p> one <s>two </s>&amp; <![CDATA[<3>]]><t/></p>\n<p>four</p></a>";
        let mut xml = Xml::mixed(Input::from_bytes("t.xml", text.as_bytes().to_vec()).unwrap());
        let mut tree = Tree::default();
        xml.step().unwrap();
        xml.subtree(&mut tree).unwrap();
        let said: Vec<(&str, &str)> = tree.root().descendants().map(|e| (e.name(), e.text())).collect();
        let p = [("p", ""), ("", " one "), ("s", ""), ("", "two "), ("", "& <3>"), ("t", "")];
        assert_eq!(said, [&p[..], &[("", "\n"), ("p", ""), ("", "four")][..]].concat());
        assert_eq!(tree.root().all("p").map(|p| p.children().count()).collect::<Vec<_>>(), [4, 1]);
        assert_eq!(xml.step().unwrap(), Step::Eof);
    }

    #[test]
    fn refusals() {
        let laughs = b"<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>\n<l>&b;</l>";
        assert!(refused(laughs).contains("DOCTYPE"));
        assert!(refused(b"<a>&b;</a>").contains("unknown entity &b;"));
        assert!(refused(b"<a k='&b;'/>").contains("attribute value"));
        assert!(refused(b"<a>\n<b>\n</a>").starts_with("t.xml:3"), "{}", refused(b"<a>\n<b>\n</a>"));
        assert!(refused(b"<a>\n<b>").contains("ends early"));
        assert!(refused(b"<a>\n<b k='").contains("t.xml:2"));
        assert!(refused(b"<a/><b/>").contains("second root"));
        assert!(refused(b"<a/>text").contains("outside"));
        assert!(refused(b"  ").contains("no XML element"));
        assert!(refused(b"<a>\xff\xfe</a>").contains("UTF-8"));
        let late = refused(b"<a>\n<b>fine</b>\n<b>f\xffne</b></a>");
        assert!(late.contains("UTF-8") && !late.contains("at byte 0:"), "{late}");
        assert!(refused(b"<?xml version='1.0' encoding='latin1'?><a/>").contains("latin1"));
        assert!(refused(b"<a k='1' k='2'/>").contains("attribute"));
        assert!(refused("<a>".repeat(300).as_bytes()).contains("deeper than 256"));
        let many: String = (0..1100).map(|i| format!(" k{i}=''")).collect();
        assert!(refused(format!("<a{many}/>").as_bytes()).contains("1024 attributes"));
        let long = format!("<a>{}</a>", "x".repeat(17 << 20));
        assert!(refused(long.as_bytes()).contains("longer than"));
        let split = format!("<a>{}</a>", "x".repeat(9 << 20) + "&amp;" + &"x".repeat(9 << 20));
        assert!(refused(split.as_bytes()).contains("longer than"));
    }
}
