//! Puts the explorer into the program: `OUT_DIR/explorer.rs` with `FILES`, each file compressed.
//!
//! Where npm is there the page is made from `web/`; else `web/dist` is taken, which a published
//! crate carries; else there is no page. A page that cannot be made is a warning, never an error,
//! and is tried again by the next build; where there is no npm at all, `touch build.rs` has it looked
//! for again. `CUIBONO_WEB=off` leaves the page out.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// No step takes longer: a build does not hang on a network that answers nothing.
const MOST: Duration = Duration::from_secs(300);

const SOURCES: [&str; 4] = ["package.json", "package-lock.json", ".npmrc", "build.mjs"];

fn main() {
    println!("cargo::rerun-if-env-changed=CUIBONO_WEB");
    println!("cargo::rerun-if-changed=build.rs");
    let (Some(root), Some(out)) = (env::var_os("CARGO_MANIFEST_DIR"), env::var_os("OUT_DIR")) else { return };
    let (web, out) = (Path::new(&root).join("web"), PathBuf::from(out));
    let made = if env::var_os("CARGO_FEATURE_SERVE").is_none() || env::var("CUIBONO_WEB").is_ok_and(|v| v == "off") {
        None
    } else {
        page(&web, &out)
    };
    if let Err(e) = embed(made.as_deref(), &out) {
        println!("cargo::warning=the explorer is left out: {e}");
        if let Err(e) = fs::write(out.join("explorer.rs"), empty()) {
            println!("cargo::error=cannot write to {}: {e}", out.display());
        }
    }
}

/// The folder with the page, if there is one.
fn page(web: &Path, out: &Path) -> Option<PathBuf> {
    let carried = web.join("dist");
    if !web.join("package.json").is_file() {
        println!("cargo::rerun-if-changed=web/dist");
        return carried.join("index.html").is_file().then_some(carried);
    }
    println!("cargo::rerun-if-changed=web/src");
    for name in SOURCES {
        println!("cargo::rerun-if-changed=web/{name}");
    }
    match make(web, out) {
        Ok(dist) => Some(dist),
        Err(Failed { why, again }) => {
            if again {
                // A file that is never there: cargo then runs this script with every build.
                println!("cargo::rerun-if-changed={}", out.join("the-page-was-made").display());
            }
            let found = carried.join("index.html").is_file();
            let instead = if found { "web/dist is taken as it is" } else { "this program will have none" };
            println!("cargo::warning=the explorer was not built ({why}); {instead}");
            found.then_some(carried)
        }
    }
}

/// Why there is no page, and whether another try may go better.
struct Failed {
    why: String,
    again: bool,
}

/// Builds the page in a copy under the folder of this build, so that builds side by side do not meet.
fn make(web: &Path, out: &Path) -> Result<PathBuf, Failed> {
    let work = out.join("web");
    let say = |what: &'static str| move |e: io::Error| Failed { why: format!("{what}: {e}"), again: true };
    fs::create_dir_all(&work).map_err(say("copying web/"))?;
    let installed = work.join("node_modules").join(".installed");
    let lock = fs::read(web.join("package-lock.json")).map_err(say("web/package-lock.json"))?;
    let fresh = fs::read(&installed).is_ok_and(|of| of == lock);
    for name in SOURCES {
        copy_file(&web.join(name), &work.join(name)).map_err(say("copying web/"))?;
    }
    let src = work.join("src");
    if src.exists() {
        fs::remove_dir_all(&src).map_err(say("removing the copy before"))?;
    }
    copy(&web.join("src"), &src).map_err(say("copying web/src"))?;
    if !fresh {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut args = vec!["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
        args.extend(["--fetch-timeout=30000", "--fetch-retries=1"]);
        run(Command::new(npm).args(args).current_dir(&work), &work.join("npm.log"))?;
        fs::write(&installed, &lock).map_err(say("node_modules"))?;
    }
    let dist = out.join("explorer");
    run(Command::new("node").arg("build.mjs").arg("--out").arg(&dist).current_dir(&work), &work.join("node.log"))?;
    Ok(dist)
}

/// Runs a step; what it says goes to a file, so that nothing waits for a reader.
fn run(command: &mut Command, log: &Path) -> Result<(), Failed> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |e: io::Error| Failed { why: format!("{name}: {e}"), again: e.kind() != io::ErrorKind::NotFound };
    let file = fs::File::create(log).map_err(failed)?;
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file).spawn().map_err(failed)?;
    let Some(status) = wait(&mut child).map_err(failed)? else {
        return Err(Failed { why: format!("{name}: not done after {} seconds", MOST.as_secs()), again: true });
    };
    if status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let last = said.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("no message").trim();
    Err(Failed { why: format!("{name}: {status}; {last}"), again: true })
}

/// How a process ended; `None`: it was ended here, as it took too long.
fn wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let begun = Instant::now();
    while begun.elapsed() < MOST {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// The bytes, without the permissions: the sources may be read-only, their copy is written again.
fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_file(to)?;
    }
    fs::write(to, fs::read(from)?)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            copy_file(&entry.path(), &target)?;
        }
    }
    Ok(())
}

fn empty() -> String {
    "/// The explorer's files: path, media type, bytes.\npub(super) static FILES: &[(&str, &str, &[u8])] = &[];\n"
        .to_owned()
}

/// Compresses the files of a folder and writes the table of them.
fn embed(dist: Option<&Path>, out: &Path) -> io::Result<()> {
    let Some(dist) = dist else { return fs::write(out.join("explorer.rs"), empty()) };
    let packed = out.join("packed");
    fs::create_dir_all(&packed)?;
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(dist)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.extend(entry.file_name().into_string());
        }
    }
    names.sort();
    let mut rows = String::new();
    for name in &names {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&fs::read(dist.join(name))?)?;
        let file = packed.join(format!("{name}.gz"));
        fs::write(&file, packer.finish()?)?;
        let path = if name == "index.html" { "/".to_owned() } else { format!("/{name}") };
        let media = media(Path::new(name).extension());
        // Writing to a text cannot fail.
        let _ = writeln!(rows, "    ({path:?}, {media:?}, include_bytes!({:?})),", file.display().to_string());
    }
    let table = format!(
        "/// The explorer's files: path, media type, bytes.\npub(super) static FILES: &[(&str, &str, &[u8])] = &[\n{rows}];\n"
    );
    fs::write(out.join("explorer.rs"), table)
}

fn media(extension: Option<&OsStr>) -> &'static str {
    match extension.and_then(OsStr::to_str) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
