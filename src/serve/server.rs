//! Sockets: how many, for how long, and the thread that serves them.

use super::Host;
use super::connection::{AT_ONCE, Shared, ahead, answer};
use super::guard::Guard;
use super::pool::Pool;
use super::route::Setup;
use super::workers::Workers;
use crate::error::{Error, Result};
use crate::graph::{Stop, locked};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::task::{Context as Task, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio::time::{Sleep, sleep};

/// Sockets open at once; the one that has been idle longest makes room for another. Systems often
/// allow 1,024 files, some of which are for the store.
const SOCKETS: usize = 768;
/// The head of a request, the first and each that follows, must have come within that time.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// A client must take something of its reply within that time.
const WRITE_TIME: Duration = Duration::from_secs(15);
/// Bytes of the head of a request; yente's addresses are long.
const HEAD: usize = 80 << 10;
/// How long answers under way may take when the server is stopped.
const LEAVE: Duration = Duration::from_secs(3);

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens; port 0 is a free one.
    pub address: SocketAddr,
    /// The token that whoever asks must know; `None`: anybody may ask.
    pub token: Option<String>,
    /// Whether notes may be kept.
    pub edit: bool,
    /// What a question may take.
    pub time: Duration,
    /// Threads that answer, at least 2.
    pub threads: usize,
}

/// A server that listens, and has not answered yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    token: Option<String>,
    shared: Shared,
}

impl Server {
    /// Opens the store and listens.
    pub fn start(options: Options, host: Arc<dyn Host>) -> Result<Server> {
        let pool = Pool::new();
        drop(pool.take(&*host, &Stop::new())?);
        let listener = TcpListener::bind(options.address)
            .map_err(|e| Error::io(format!("listen at {}", options.address), e))
            .map_err(|e| e.hint("leave out --port for a free one"))?;
        let address = listener.local_addr().map_err(|e| Error::io("listen", e))?;
        let guard = Guard::new(address, options.token.as_deref())?;
        let workers = Workers::start(options.threads.max(2), options.time, Arc::clone(&host))
            .map_err(|e| Error::io("start threads", e))?;
        let shared = Shared {
            guard,
            setup: Arc::new(Setup { edit: options.edit }),
            host,
            pool: Arc::new(pool),
            workers,
            turns: tokio::sync::Semaphore::new(AT_ONCE),
            time: options.time,
        };
        Ok(Server { listener, address, token: options.token, shared })
    }

    /// The address to open, with the token.
    pub fn url(&self) -> String {
        let address = self.shared.guard.address();
        match &self.token {
            Some(token) => format!("http://{address}/?token={token}"),
            None => format!("http://{address}/"),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until the process is asked to end.
    pub fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| Error::io("start the server", e))?;
        self.listener.set_nonblocking(true).map_err(|e| Error::io("listen", e))?;
        runtime.block_on(serve(self.listener, Arc::new(self.shared)))
    }
}

/// What is known of an open socket.
struct Socket {
    /// Requests that are being answered on it, until the answer is sent.
    answering: AtomicUsize,
    /// When it was last of use, in milliseconds since the server started.
    last: AtomicU64,
    end: OnceLock<AbortHandle>,
}

/// The open sockets.
struct Sockets {
    open: Mutex<HashMap<u64, Arc<Socket>>>,
    start: Instant,
}

impl Sockets {
    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Socket>>> {
        locked(&self.open)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Closes the socket that has been idle longest; `false` when all are being answered.
    fn make_room(&self) -> bool {
        let mut open = self.open();
        let idle = open.iter().filter(|(_, s)| s.answering.load(Ordering::Relaxed) == 0);
        let Some(oldest) = idle.min_by_key(|(_, s)| s.last.load(Ordering::Relaxed)).map(|(n, _)| *n) else {
            return false;
        };
        if let Some(end) = open.remove(&oldest).and_then(|s| s.end.get().cloned()) {
            end.abort();
        }
        true
    }

    fn answering(&self) -> bool {
        self.open().values().any(|s| s.answering.load(Ordering::Relaxed) > 0)
    }
}

/// Counts a request on its socket for as long as it is answered and the answer sent.
struct Answering(Arc<Socket>, Arc<Sockets>);

impl Answering {
    fn new(socket: Arc<Socket>, sockets: Arc<Sockets>) -> Answering {
        socket.answering.fetch_add(1, Ordering::Relaxed);
        Answering(socket, sockets)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.fetch_sub(1, Ordering::Relaxed);
        self.0.last.store(self.1.now(), Ordering::Relaxed);
    }
}

/// Accepts until asked to leave.
async fn serve(listener: TcpListener, shared: Arc<Shared>) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|e| Error::io("listen", e))?;
    let mut leave = pin!(asked_to_leave()?);
    let _ahead = ahead(&shared);
    let sockets = Arc::new(Sockets { open: Mutex::default(), start: Instant::now() });
    let mut number = 0u64;
    loop {
        let next = poll_fn(|task| match leave.as_mut().poll(task) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => listener.poll_accept(task).map(Some),
        });
        match next.await {
            None => break,
            Some(Ok((stream, _))) => {
                let room = sockets.open().len() < SOCKETS || sockets.make_room();
                // Else it is closed at once: so many answers under way are too many already.
                if room {
                    number += 1;
                    take(number, stream, &sockets, &shared);
                }
            }
            // No more files, most likely.
            Some(Err(_)) => {
                sockets.make_room();
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
    drop(listener);
    let since = Instant::now();
    while sockets.answering() && since.elapsed() < LEAVE {
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Serves a socket in a task of its own.
fn take(number: u64, stream: TcpStream, sockets: &Arc<Sockets>, shared: &Arc<Shared>) {
    stream.set_nodelay(true).ok();
    let socket =
        Arc::new(Socket { answering: AtomicUsize::new(0), last: AtomicU64::new(sockets.now()), end: OnceLock::new() });
    let (of, all, shared) = (Arc::clone(&socket), Arc::clone(sockets), Arc::clone(shared));
    let task = tokio::spawn(async move {
        let service = service_fn(|request| {
            let (answering, shared) = (Answering::new(Arc::clone(&of), Arc::clone(&all)), Arc::clone(&shared));
            async move { Ok::<_, Infallible>(answer(request, shared).await.map(|body| body.holding(answering))) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_header_size(HEAD)
            .serve_connection(TokioIo::new(Impatient { stream, waits: None }), service);
        // A client that breaks off, or is cut off, is no matter.
        connection.await.ok();
        all.open().remove(&number);
    });
    socket.end.set(task.abort_handle()).ok();
    sockets.open().insert(number, socket);
}

/// Ends when the process is asked to.
#[cfg(unix)]
fn asked_to_leave() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|e| Error::io("wait for signals", e));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(poll_fn(move |task| {
        let asked = interrupt.poll_recv(task).is_ready() || terminate.poll_recv(task).is_ready();
        if asked { Poll::Ready(()) } else { Poll::Pending }
    }))
}

/// Ends when the process is asked to.
#[cfg(not(unix))]
fn asked_to_leave() -> Result<impl Future<Output = ()>> {
    Ok(async {
        tokio::signal::ctrl_c().await.ok();
    })
}

/// A socket that is given up when its other side takes nothing for long.
struct Impatient {
    stream: TcpStream,
    waits: Option<Pin<Box<Sleep>>>,
}

impl Impatient {
    /// What a write came to, or an error once it has waited too long.
    fn watch<T>(&mut self, task: &mut Task<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.waits = None;
            return done;
        }
        let waits = self.waits.get_or_insert_with(|| Box::pin(sleep(WRITE_TIME)));
        match waits.as_mut().poll(task) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Impatient {
    fn poll_read(mut self: Pin<&mut Self>, task: &mut Task<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(task, buf)
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Task<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(task, buf);
        self.watch(task, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut Task<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(task, bufs);
        self.watch(task, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(task);
        self.watch(task, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_shutdown(task);
        self.watch(task, done)
    }
}
