//! Reading a file ahead on a thread of its own: what reads, unpacks and sums it does not keep
//! whoever takes it apart waiting.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

/// Chunks that wait at most. One is what the reader below hands over at once.
const CHUNKS: usize = 4;

/// The bytes of another reader, in order, and its error where it had one.
pub(super) struct ReadAhead {
    receive: Receiver<io::Result<Vec<u8>>>,
    /// Where used chunks go back to be filled again.
    give_back: Sender<Vec<u8>>,
    chunk: Vec<u8>,
    at: usize,
    end: Option<End>,
}

/// How a reader ended; it ends so again whenever it is asked.
enum End {
    Whole,
    Failed(io::ErrorKind, String),
}

/// Begins to read; where the system gives no thread, the reader stays as it is.
pub(super) fn ahead(body: Box<dyn BufRead + Send>) -> Box<dyn BufRead + Send> {
    let (send, receive) = sync_channel(CHUNKS);
    let (give_back, used) = channel::<Vec<u8>>();
    let (hand_over, begin) = channel::<Box<dyn BufRead + Send>>();
    // The thread ends when the file does, or soon after nobody listens any more. It is not waited
    // for: a reader may be a pipe that never says anything again.
    let started = std::thread::Builder::new().name("read ahead".into()).spawn(move || {
        let Ok(mut body) = begin.recv() else { return };
        loop {
            let mut chunk = used.try_recv().unwrap_or_default();
            let read = next_chunk(&mut *body, &mut chunk).map(|()| chunk);
            let last = read.as_ref().map_or(true, Vec::is_empty);
            if send.send(read).is_err() || last {
                return;
            }
        }
    });
    match started {
        Ok(_) => match hand_over.send(body) {
            Ok(()) => Box::new(ReadAhead { receive, give_back, chunk: Vec::new(), at: 0, end: None }),
            Err(unsent) => unsent.0,
        },
        Err(_) => body,
    }
}

/// What is there next; nothing only at the end.
fn next_chunk(body: &mut dyn BufRead, chunk: &mut Vec<u8>) -> io::Result<()> {
    chunk.clear();
    loop {
        match body.fill_buf() {
            Ok(bytes) => {
                chunk.extend_from_slice(bytes);
                body.consume(chunk.len());
                return Ok(());
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

impl BufRead for ReadAhead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.chunk.len() && self.end.is_none() {
            // Nobody to take it means that the thread is at the end.
            self.give_back.send(std::mem::take(&mut self.chunk)).ok();
            self.at = 0;
            match self.receive.recv() {
                Ok(Ok(chunk)) if chunk.is_empty() => self.end = Some(End::Whole),
                Ok(Ok(chunk)) => self.chunk = chunk,
                Ok(Err(e)) => self.end = Some(End::Failed(e.kind(), e.to_string())),
                Err(_) => self.end = Some(End::Failed(io::ErrorKind::BrokenPipe, "reading stopped".to_owned())),
            }
        }
        match &self.end {
            Some(End::Failed(kind, text)) => Err(io::Error::new(*kind, text.clone())),
            _ => Ok(self.chunk.get(self.at..).unwrap_or_default()),
        }
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount).min(self.chunk.len());
    }
}

impl Read for ReadAhead {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut chunk = self.fill_buf()?;
        let n = chunk.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// Gives some bytes at a time, now and then an interruption, and at last an error or the end.
    struct Halting {
        left: Vec<u8>,
        turn: usize,
        fails: bool,
    }

    impl Read for Halting {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.turn += 1;
            if self.turn.is_multiple_of(3) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if self.left.is_empty() && self.fails {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "cut short"));
            }
            let n = self.left.len().min(self.turn % 700 + 1).min(buf.len());
            buf[..n].copy_from_slice(&self.left[..n]);
            self.left.drain(..n);
            Ok(n)
        }
    }

    fn bytes(n: usize) -> Vec<u8> {
        (0..n).map(|i| (i * 7 + i / 251) as u8).collect()
    }

    #[test]
    fn gives_the_same_bytes() {
        for n in [0, 1, 5000, 300_000] {
            let mut read = Vec::new();
            let halting = Halting { left: bytes(n), turn: 0, fails: false };
            let mut ahead = ahead(Box::new(BufReader::with_capacity(1000, halting)));
            ahead.read_to_end(&mut read).unwrap();
            assert!(read == bytes(n), "{n}");
            assert_eq!(ahead.fill_buf().unwrap(), b"");
        }
    }

    #[test]
    fn an_error_comes_where_it_was_and_stays() {
        let halting = Halting { left: bytes(4000), turn: 0, fails: true };
        let mut ahead = ahead(Box::new(BufReader::with_capacity(1000, halting)));
        let mut read = Vec::new();
        for _ in 0..2 {
            let e = ahead.read_to_end(&mut read).unwrap_err();
            assert_eq!((e.kind(), e.to_string().as_str()), (io::ErrorKind::UnexpectedEof, "cut short"));
            assert!(read == bytes(4000));
        }
    }

    #[test]
    fn whoever_stops_early_does_not_read_on() {
        let (given, count) = std::sync::mpsc::channel();
        struct Endless(std::sync::mpsc::Sender<()>);
        impl Read for Endless {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                self.0.send(()).ok();
                buf.fill(b'x');
                Ok(buf.len())
            }
        }
        let mut ahead = ahead(Box::new(BufReader::with_capacity(100, Endless(given))));
        assert_eq!(ahead.fill_buf().unwrap().len(), 100);
        drop(ahead);
        // The sender is dropped with the reader, on the thread: this ends when that does.
        assert!(count.iter().count() <= CHUNKS + 3);
    }
}
