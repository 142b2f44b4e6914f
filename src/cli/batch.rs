//! `batch`: many questions to one open graph, JSON lines in and out.

use super::args::decided_at;
use super::args_ask::{BatchArgs, Line};
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::watch::Watch;
use clap::Parser;
use cuibono::error::{Error, Result};
use cuibono::graph::{DecidedAt, Graph};
use cuibono::import::Input;
use cuibono::query::Scratch;
use serde_json::{Map, Value, json};

/// Answers each line of the file; a line that fails does not stop the others.
pub(crate) fn run(args: &BatchArgs, graph: &Graph, watch: &Watch, io: &mut Io<'_>) -> Result<Outcome> {
    let mut input = Input::open(&args.file)?;
    let mut line: Vec<u8> = Vec::new();
    let mut any = false;
    let mut scratch = Scratch::default();
    let mut others = Others::default();
    while input.line(&mut line)? {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        any = true;
        let reply = reply(&line, graph, &mut others, watch, &mut scratch);
        writeln!(io.out, "{reply}").and_then(|()| io.out.flush()).map_err(write_error)?;
    }
    Ok(Outcome::of(any))
}

/// Graphs by other times of decisions that lines of a batch asked for.
#[derive(Default)]
struct Others(Vec<(DecidedAt, Graph)>);

/// Times kept at once.
const OTHERS: usize = 4;

impl Others {
    fn at<'a>(&'a mut self, graph: &'a Graph, text: Option<&str>) -> Result<&'a Graph> {
        let at = decided_at(text)?;
        if text.is_none() || at == graph.decided_at() {
            return Ok(graph);
        }
        if !self.0.iter().any(|(known, _)| *known == at) {
            self.0.truncate(OTHERS - 1);
            self.0.insert(0, (at, cuibono::resolve::decided_at(graph, at)?));
        }
        Ok(self.0.iter().find(|(known, _)| *known == at).map_or(graph, |(_, g)| g))
    }
}

/// The answer to one line.
fn reply(line: &[u8], graph: &Graph, others: &mut Others, watch: &Watch, scratch: &mut Scratch) -> Value {
    let mut out = Map::new();
    let question = match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(m)) => m,
        Ok(_) => return failed(out, &Error::input("a line is an object with `command`, `args` and `options`")),
        Err(e) => return failed(out, &Error::input(format!("this is not JSON: {e}"))),
    };
    if let Some(id) = question.get("id") {
        out.insert("id".to_owned(), id.clone());
    }
    let mut text = Vec::new();
    let result = words(&question).and_then(|w| parse(&w)).and_then(|l| {
        let mut io = Io::json(&mut text);
        let graph = others.at(graph, l.decided_at.as_deref())?;
        watch.over(|| super::ask(&l.ask, graph, scratch, &mut io))
    });
    match result {
        Ok(outcome) => {
            out.insert("code".to_owned(), outcome.code().into());
            let answer = serde_json::from_slice(&text).unwrap_or_else(|_| String::from_utf8_lossy(&text).into());
            out.insert("answer".to_owned(), answer);
            out.into()
        }
        Err(e) => failed(out, &e),
    }
}

fn failed(mut out: Map<String, Value>, e: &Error) -> Value {
    out.insert("code".to_owned(), e.exit_code().into());
    out.insert("error".to_owned(), e.to_string().into());
    if !e.candidate_lines().is_empty() {
        out.insert("candidates".to_owned(), json!(e.candidate_lines()));
    }
    if let Some(hint) = e.next_step() {
        out.insert("hint".to_owned(), hint.into());
    }
    out.into()
}

/// One question of words, without the program's name.
pub(crate) fn parse(words: &[String]) -> Result<Line> {
    Line::try_parse_from(words).map_err(|e| {
        let text = e.to_string();
        // What is wrong may go on in further lines; how a command is written comes after a blank one.
        let lines = text.lines().take_while(|l| !l.trim().is_empty()).map(str::trim);
        let what = lines.collect::<Vec<_>>().join(" ");
        Error::usage(what.strip_prefix("error: ").unwrap_or(&what))
    })
}

/// A question as the words of a command line.
fn words(question: &Map<String, Value>) -> Result<Vec<String>> {
    let Some(Value::String(command)) = question.get("command") else {
        return Err(Error::input("the line has no `command`"));
    };
    if let Some(bad) = question.keys().find(|k| !matches!(k.as_str(), "id" | "command" | "args" | "options")) {
        return Err(Error::input(format!("unknown member {bad:?}")).hint("known: id, command, args, options"));
    }
    let mut words = vec![command.clone()];
    let word = |v: &Value| match v {
        Value::String(s) => Ok(s.clone()),
        Value::Number(n) => Ok(n.to_string()),
        _ => Err(Error::input(format!("{v} is neither a text nor a number"))),
    };
    match question.get("options") {
        None | Some(Value::Null) => {}
        Some(Value::Object(options)) => {
            for (key, value) in options {
                let flag = format!("--{}", key.replace('_', "-"));
                match value {
                    Value::Bool(true) => words.push(flag),
                    Value::Bool(false) | Value::Null => {}
                    Value::Array(list) => {
                        for v in list {
                            words.push(format!("{flag}={}", word(v)?));
                        }
                    }
                    v => words.push(format!("{flag}={}", word(v)?)),
                }
            }
        }
        Some(_) => return Err(Error::input("`options` is an object")),
    }
    words.push("--".to_owned());
    match question.get("args") {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) => {
            for v in list {
                words.push(word(v)?);
            }
        }
        Some(_) => return Err(Error::input("`args` is an array")),
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_words() {
        let of = |t: &str| words(serde_json::from_str::<Value>(t).unwrap().as_object().unwrap());
        let got = of(r#"{"id": 7, "command": "search", "args": ["a b", "--x"],
            "options": {"as_of": "2023", "limit": 5, "type": ["owns", "controls"], "through": true, "json": false}}"#);
        let want =
            ["search", "--as-of=2023", "--limit=5", "--type=owns", "--type=controls", "--through", "--", "a b", "--x"];
        assert_eq!(got.unwrap(), want);
        for bad in [r#"{"args": []}"#, r#"{"command": "x", "args": [[]]}"#, r#"{"command": "x", "option": {}}"#] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_questions_are_taken() {
        let parse = |w: &[&str]| super::parse(&w.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert!(parse(&["search", "--", "x"]).is_ok());
        assert!(parse(&["import", "--", "x"]).is_err());
        assert!(parse(&["search"]).unwrap_err().message().contains("required"));
    }
}
