//! Times and memory, and how the benchmarks print them.

use std::time::Instant;

/// Peak memory of this process in MB, where the system tells.
pub(crate) fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kb: Option<u64> = line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse().ok());
    kb.map_or("unknown".to_owned(), |kb| format!("{} MB", kb / 1024))
}

/// Seconds of processor time this process has used, where the system tells.
#[allow(dead_code)]
pub(crate) fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = stat.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0.0);
    nanoseconds / 1e9
}

/// A line of the table: seconds of ours and, where there is one, of the peer.
#[allow(dead_code)]
pub(crate) fn row(what: &str, ours: f64, peer: Option<f64>) {
    let unit = |s: f64| match s {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.1} us", s * 1e6),
    };
    match peer {
        Some(p) => println!("{what:<38} {:>12} {:>12} {:>8.2}x", unit(ours), unit(p), p / ours),
        None => println!("{what:<38} {:>12} {:>12}", unit(ours), "-"),
    }
}

/// Median seconds of a question over many instances.
#[allow(dead_code)]
pub(crate) fn median<T>(instances: &[T], mut ask: impl FnMut(&T)) -> f64 {
    let mut times: Vec<f64> = instances
        .iter()
        .map(|i| {
            let start = Instant::now();
            ask(i);
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

/// Seconds of processor time that all threads of this process have used, ended ones too, in steps
/// of a hundredth of a second, where the system tells.
#[allow(dead_code)]
pub(crate) fn cpu_of_all() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|f| f.parse::<f64>().ok()).sum::<f64>() / 100.0
}
