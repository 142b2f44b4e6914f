//! `serve`: the explorer and the API.

use super::args::Global;
use super::args_ask::Ask;
use super::args_serve::ServeArgs;
use super::args_store::{Actor, Backing, NoteArgs};
use super::batch::parse;
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::{ask, check_proof, clock, context, export, note, watch};
use cuibono::error::{Error, Result};
use cuibono::export::Export;
use cuibono::graph::Graph;
use cuibono::model::PartialDate;
use cuibono::query::Scratch;
use cuibono::serve::{Asker, Host, Options, Server};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::available_parallelism;

/// Seconds a question may take when nothing else is said.
const TIME: f64 = 30.0;

/// Answers over HTTP until interrupted.
pub(crate) fn run(args: &ServeArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    if args.edit {
        context::store_only(global, "serve --edit")?;
    }
    let token = match (&args.token, args.open) {
        (_, true) => None,
        (Some(t), false) => Some(t.clone()),
        (None, false) => Some(token()?),
    };
    let ip = args.listen_public.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    if !ip.is_loopback() {
        eprintln!("warning: other machines can reach this server, and what they ask and get travels unencrypted");
    }
    let options = Options {
        address: SocketAddr::new(ip, args.port),
        token,
        edit: args.edit,
        time: watch::seconds(global.max_time.unwrap_or(TIME))?,
        threads: available_parallelism().map_or(2, |n| n.get()),
    };
    let host = Arc::new(Program { global: global.clone(), most: watch::most(global) });
    let server = Server::start(options, host)?;
    io.line(&server.url())?;
    io.out.flush().map_err(write_error)?;
    server.run()?;
    Ok(Outcome::Found)
}

/// 128 bits at random.
fn token() -> Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Error::io("get random numbers", std::io::Error::other(e.to_string())))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// What the server asks of this program.
struct Program {
    global: Global,
    /// Memory that questions may take together.
    most: Option<u64>,
}

impl Asker for Program {
    fn ask(&self, words: &[String], graph: &Graph, scratch: &mut Scratch) -> Result<(u8, Vec<u8>)> {
        let line = parse(words)?;
        let mut text = Vec::new();
        let outcome = ask(&line.ask, graph, scratch, &mut Io::json(&mut text))?;
        Ok((outcome.code(), text))
    }

    fn export(&self, words: &[String], graph: &Graph, scratch: &mut Scratch) -> Result<Option<Export>> {
        match parse(words)?.ask {
            Ask::Export(args) => export::made(&args, graph, scratch),
            _ => Err(Error::usage("this question makes no file")),
        }
    }

    fn check_proof(&self, proof: &[u8], graph: &Graph) -> Result<(u8, Vec<u8>)> {
        let mut text = Vec::new();
        let outcome = check_proof::body(proof, graph, &mut Io::json(&mut text))?;
        Ok((outcome.code(), text))
    }

    fn note(&self, entity: &str, text: &str, cite: Vec<String>) -> Result<(u8, Vec<u8>)> {
        let actor = Actor { actor: None };
        let backing = Backing { cite, status: "asserted".to_owned(), actor };
        let args = NoteArgs { entity: entity.to_owned(), text: text.to_owned(), backing };
        let mut text = Vec::new();
        let outcome = note::run(&args, &self.global, &mut Io::json(&mut text))?;
        Ok((outcome.code(), text))
    }
}

impl Host for Program {
    fn open(&self) -> Result<Graph> {
        let mut nowhere = std::io::sink();
        context::open(&self.global, &Io::json(&mut nowhere))
    }

    fn today(&self) -> Option<PartialDate> {
        clock::today()
    }

    fn crowded(&self) -> bool {
        watch::over(self.most)
    }

    fn tell(&self, text: &str) {
        eprintln!("{text}");
    }
}
