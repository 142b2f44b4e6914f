//! `match` from the command line, and the figures of names as the repository's program takes them.

use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(args: &[&str], input: &str) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cuibono"))
        .args(args)
        .current_dir(dir.path())
        .env_remove("CUIBONO_STORE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Written beside the reading: neither side may wait for the other with a full pipe.
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || pipe.write_all(input.as_bytes()).ok());
    let done = child.wait_with_output().unwrap();
    writer.join().unwrap();
    done
}

fn out(o: &Output) -> String {
    String::from_utf8(o.stdout.clone()).unwrap()
}

fn seed() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/seed.json").display().to_string()
}

/// The score of an answer, after checking that its items sum to it.
fn summed(answer: &Value) -> f64 {
    let items = answer["evidence"].as_array().unwrap();
    let sum: f64 = items.iter().map(|e| e["weight"].as_f64().unwrap()).sum();
    let score = answer["score"].as_f64().unwrap();
    assert!((sum - score).abs() < 5e-5, "{answer}");
    assert_eq!(items[0]["kind"], "prior");
    score
}

#[test]
fn two_names_need_no_store_and_the_reason_is_shown() {
    let o = run(&["match", "--names", "R. P. Zorkin", "Зоркин Руслан Павлович", "--type", "person"], "");
    let text = out(&o);
    assert_eq!(o.status.code(), Some(0), "{text}");
    assert!(text.ends_with("  match\n"), "{text}");
    assert!(text.contains("initial") && text.contains("зоркин"), "{text}");
    let o =
        run(&["match", "--names", "Ruslan Pavlovich Zorkin", "Ruslan Ilyich Zorkin", "--type", "person", "--json"], "");
    assert_eq!(o.status.code(), Some(1));
    let answer: Value = serde_json::from_str(&out(&o)).unwrap();
    assert_eq!(answer["band"], "no");
    summed(&answer);
    let against = answer["evidence"].as_array().unwrap().iter().find(|e| e["kind"] == "patronymic").unwrap().clone();
    assert_eq!((against["how"].as_str(), against["bits"].as_f64().map(|b| b < 0.0)), (Some("differs"), Some(true)));
}

#[test]
fn facts_given_beside_names_count() {
    let ask = |more: &[&str]| {
        let mut args = vec!["match", "--json", "--names", "Ruslan Zorkin", "Ruslan Zorkin"];
        args.extend(more);
        summed(&serde_json::from_str(&out(&run(&args, ""))).unwrap())
    };
    let plain = ask(&[]);
    assert!(ask(&["--birth", "1960-02-03", "--birth", "1971-08-09"]) < plain);
    assert!(ask(&["--birth", "1960", "--birth", "1971; 1960-02-03"]) > plain);
    assert!(ask(&["--country", "Russia", "--country", "CU"]) < plain);
    assert!(ask(&["--id", "INN:7701", "--id", "INN:7702"]) < plain);
}

#[test]
fn parties_of_a_store_by_id_or_name() {
    let seed = seed();
    let o = run(&["--from", &seed, "match", "ofac:37621", "Sergei Kozlov", "--json"], "");
    let answer: Value = serde_json::from_str(&out(&o)).unwrap();
    assert_eq!(answer["band"], "match");
    assert_eq!(answer["left"], answer["right"]);
    assert!(answer["answer"]["query"].as_str().unwrap().starts_with("match ofac:37621 ofac:37621"));
    let o = run(&["--from", &seed, "match", "Sergei Kozlov", "Intellekt LLC"], "");
    assert_eq!(o.status.code(), Some(1));
    let o = run(&["--from", &seed, "match", "Sergei Kozlov", "nobody at all"], "");
    assert_eq!(o.status.code(), Some(1), "{}", String::from_utf8_lossy(&o.stderr));
    assert!(out(&o).is_empty());
}

#[test]
fn pairs_keep_their_order_and_bad_lines_are_told() {
    let side = |name: &str| json!({"name": name, "aliases": [], "type": "person", "dob": [], "country": [], "ids": []});
    let mut input = String::new();
    for i in 0..9000 {
        let right = if i % 2 == 0 { "Zorkin, Ruslan" } else { "Timofey Belkin" };
        input += &format!("{}\n", json!({"id": i, "left": side("Ruslan Zorkin"), "right": side(right), "same": true}));
    }
    let o = run(&["match", "--pairs", "-"], &input);
    assert_eq!(o.status.code(), Some(0), "{}", String::from_utf8_lossy(&o.stderr));
    for (i, line) in out(&o).lines().enumerate() {
        let answer: Value = serde_json::from_str(line).unwrap();
        assert_eq!(answer["id"], i);
        assert_eq!(answer["band"], if i % 2 == 0 { "match" } else { "no" }, "{line}");
        summed(&answer);
    }
    assert_eq!(out(&o).lines().count(), 9000);
    let o = run(
        &["match", "--pairs", "-"],
        "{\"id\": 1, \"left\": \"A B\", \"right\": {\"name\": \"A B\"}}\nnonsense\n{\"id\": 3}\n",
    );
    assert_eq!(o.status.code(), Some(2));
    let lines: Vec<Value> = out(&o).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((lines.len(), &lines[1]["line"], &lines[2]["id"]), (3, &json!(2), &json!(3)));
    assert!(
        lines[1]["error"].as_str().unwrap().contains("JSON") && lines[2]["error"].as_str().unwrap().contains("left")
    );
    assert!(String::from_utf8_lossy(&o.stderr).contains("2 of 3 lines could not be used"));
}

#[test]
fn wrong_use_is_told() {
    for args in [
        &["match", "--names", "A B"][..],
        &["match", "--names", "A B", " "],
        &["match", "--names", "A", "B", "--type", "planet"],
        &["match", "--names", "A", "B", "--birth", "soon"],
        &["match", "--names", "A", "B", "--id", "7701"],
        &["match", "--pairs", "no-such-file.jsonl"],
        &["match", "A", "B", "--birth", "1960"],
    ] {
        let o = run(args, "");
        assert_eq!(o.status.code(), Some(2), "{args:?}");
        assert!(out(&o).is_empty() && !o.stderr.is_empty(), "{args:?}");
    }
}

/// The goals on the cases that lie beside the published lists: the half that nothing was tuned on.
#[test]
fn the_cases_are_matched_as_well_as_the_page_says() {
    let Some(path) = std::env::var_os("CUIBONO_TEST_DATA").map(|d| Path::new(&d).join("cases/names/pairs.jsonl"))
    else {
        return;
    };
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let cases: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let o = run(&["match", "--pairs", "-"], &text);
    let scores: Vec<Value> = out(&o).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(scores.len(), cases.len());
    let (mut hit, mut said, mut real) = (0.0, 0.0, 0.0);
    for (case, answer) in cases.iter().zip(&scores) {
        summed(answer);
        let odd = case["id"].as_str().unwrap().bytes().last().unwrap() % 2 == 1;
        if odd || case["quality"] == "weak" {
            continue;
        }
        let (is, yes) = (case["same"] == true, answer["band"] == "match");
        hit += f64::from(u8::from(is && yes));
        said += f64::from(u8::from(yes));
        real += f64::from(u8::from(is));
    }
    let f1 = 2.0 * hit / (said + real);
    assert!(f1 >= 0.88, "F1 on the test half is {f1:.3}");
}

/// Texts made to break a matcher: each against itself and a plain name.
#[test]
fn hostile_names_do_no_harm() {
    let Some(path) = std::env::var_os("CUIBONO_TEST_DATA").map(|d| Path::new(&d).join("cases/names/hostile.jsonl"))
    else {
        return;
    };
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let mut input = String::new();
    let mut n = 0;
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        for kind in ["person", "org", "vessel", "unknown"] {
            let side = json!({"name": case["query"], "type": kind});
            for other in [side.clone(), json!({"name": "Sergey Kozlov", "type": kind})] {
                input += &format!("{}\n", json!({"id": n, "left": side, "right": other}));
                n += 1;
            }
        }
    }
    let o = run(&["match", "--pairs", "-", "-q"], &input);
    assert!(matches!(o.status.code(), Some(0..=2)), "{}", String::from_utf8_lossy(&o.stderr));
    assert_eq!(out(&o).lines().count(), n);
}
