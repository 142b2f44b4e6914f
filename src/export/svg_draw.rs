//! Drawing single things: boxes, lines, labels, the legend.

use super::layout_place::{Route, Step};
use super::svg_model::{Badge, Card, Dash, Ink, LABEL_SIZE, NAME_SIZE, SMALL, Scene, Shape, Strand};
use super::svg_text::{escape, width};
use std::fmt::Write;

pub(super) const INK: &str = "#1a1a1a";
pub(super) const GREY: &str = "#555555";
const RED: &str = "#b00020";
const AMBER: &str = "#8a4b00";

/// Writes to a string; a string takes everything.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => { let _ = writeln!($out, $($arg)*); };
}
pub(super) use put;

fn colour(ink: Ink) -> &'static str {
    match ink {
        Ink::Ownership => INK,
        Ink::Control => "#1f4e8c",
        Ink::Ambiguous => AMBER,
        Ink::Other => GREY,
    }
}

fn dashes(dash: Dash) -> &'static str {
    match dash {
        Dash::Solid => "",
        Dash::Out => " stroke-dasharray=\"8 5\"",
        Dash::Doubtful => " stroke-dasharray=\"2 4\"",
        Dash::Indirect => " stroke-dasharray=\"10 4 2 4\"",
    }
}

fn stroke_width(ink: Ink) -> f64 {
    if ink == Ink::Other { 1.3 } else { 1.8 }
}

/// Arrow heads, one per colour.
pub(super) fn markers(out: &mut String) {
    put!(out, "<defs>");
    for ink in [Ink::Ownership, Ink::Control, Ink::Ambiguous, Ink::Other] {
        put!(
            out,
            "<marker id=\"cuibono-arrow-{}\" viewBox=\"0 0 10 10\" refX=\"9.5\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0.8L10 5L0 9.2z\" fill=\"{}\"/></marker>",
            ink as u8,
            colour(ink)
        );
    }
    put!(out, "</defs>");
}

/// The path of a route.
fn path(r: &Route) -> String {
    let mut d = format!("M{:.1} {:.1}", r.start.0, r.start.1);
    let (mut x0, mut y0) = r.start;
    for (step, x, y) in &r.steps {
        let (x, y) = (*x, *y);
        let _ = match step {
            // A step of no length would leave the arrow head without a direction.
            Step::Line if (x - x0).abs() < 0.05 && (y - y0).abs() < 0.05 => Ok(()),
            Step::Line => write!(d, "L{x:.1} {y:.1}"),
            Step::Bow if (x - x0).abs() < 0.05 => write!(d, "L{x:.1} {y:.1}"),
            Step::Bow => {
                let m = (y0 + y) / 2.0;
                write!(d, "C{x0:.1} {m:.1} {x:.1} {m:.1} {x:.1} {y:.1}")
            }
            Step::Ear => write!(d, "C{:.1} {y0:.1} {:.1} {y:.1} {x:.1} {y:.1}", x0 + 44.0, x + 44.0),
        };
        (x0, y0) = (x, y);
    }
    d
}

/// The line of a strand.
pub(super) fn line(out: &mut String, s: &Strand, r: &Route) {
    let marker = if s.arrow { format!(" marker-end=\"url(#cuibono-arrow-{})\"", s.ink as u8) } else { String::new() };
    put!(
        out,
        "<path class=\"tie\" d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}{marker}><title>{}</title></path>",
        path(r),
        colour(s.ink),
        stroke_width(s.ink),
        dashes(s.dash),
        escape(&s.title)
    );
}

/// The label of a strand on a white ground.
pub(super) fn label(out: &mut String, s: &Strand, (x, y): (f64, f64)) {
    let (w, h) = s.size;
    put!(out, "<g class=\"label\"><title>{}</title>", escape(&s.title));
    put!(
        out,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"#ffffff\"/>",
        x - w / 2.0,
        y - h / 2.0
    );
    for (k, l) in s.lines.iter().enumerate() {
        put!(
            out,
            "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"{LABEL_SIZE}\" text-anchor=\"middle\" fill=\"{}\">{}</text>",
            y - h / 2.0 + 12.0 + 14.0 * k as f64,
            colour(s.ink),
            escape(l)
        );
    }
    put!(out, "</g>");
}

/// The outline of a shape in a rectangle.
fn outline(out: &mut String, shape: Shape, (x, y, w, h): (f64, f64, f64, f64), look: &str) {
    let (r, b) = (x + w, y + h);
    let rect = |rx: f64, more: &str| {
        format!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"{rx}\" {look}{more}/>")
    };
    let poly = |points: &[(f64, f64)]| {
        let p: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        format!("<polygon points=\"{}\" {look}/>", p.join(" "))
    };
    let c = 12f64.min(w / 4.0).min(h / 3.0);
    let drawn = match shape {
        Shape::Person => rect(18f64.min(h / 2.0), ""),
        Shape::Group => rect(18f64.min(h / 2.0), " stroke-dasharray=\"6 4\""),
        Shape::Company => rect(0.0, ""),
        Shape::Stub => rect(0.0, " stroke-dasharray=\"2 3\""),
        Shape::Other => rect(6.0, ""),
        Shape::Ship => poly(&[(x, y), (r, y), (r, b - c), (r - 1.6 * c, b), (x + 1.6 * c, b), (x, b - c)]),
        Shape::Aircraft => poly(&[(x + c, y), (r - c, y), (r, y + h / 2.0), (r - c, b), (x + c, b), (x, y + h / 2.0)]),
        Shape::Asset => poly(&[(x, y), (r - c, y), (r, y + c), (r, b), (x, b)]),
        Shape::Programme => poly(&[(x + c, y), (r, y), (r - c, b), (x, b)]),
        Shape::Undertaking => {
            poly(&[(x + c, y), (r - c, y), (r, y + c), (r, b - c), (r - c, b), (x + c, b), (x, b - c), (x, y + c)])
        }
    };
    put!(out, "{drawn}");
}

fn look(listed: bool, verdict: Option<Badge>) -> String {
    match (listed, verdict) {
        (true, _) => format!("fill=\"#fff4f4\" stroke=\"{RED}\" stroke-width=\"3.2\""),
        (_, Some(Badge::Blocked)) => format!("fill=\"#ffffff\" stroke=\"{RED}\" stroke-width=\"2.2\""),
        (_, Some(_)) => format!("fill=\"#ffffff\" stroke=\"{AMBER}\" stroke-width=\"2.2\""),
        (_, None) => format!("fill=\"#ffffff\" stroke=\"{INK}\" stroke-width=\"1.3\""),
    }
}

/// The box of a party.
pub(super) fn card(out: &mut String, c: &Card, (x, y): (f64, f64)) {
    let (w, h) = c.size;
    let (left, top) = (x - w / 2.0, y - h / 2.0);
    put!(out, "<g class=\"party\"><title>{}</title>", escape(&c.title));
    outline(out, c.shape, (left, top, w, h), &look(c.listed, c.verdict));
    let mut at = top + 17.0;
    put!(
        out,
        "<text x=\"{x:.1}\" y=\"{at:.1}\" font-size=\"{SMALL}\" text-anchor=\"middle\" fill=\"{GREY}\">{}</text>",
        escape(&c.tag)
    );
    let direction = if c.rtl { " direction=\"rtl\"" } else { "" };
    for l in &c.lines {
        at += 16.0;
        put!(
            out,
            "<text x=\"{x:.1}\" y=\"{at:.1}\" font-size=\"{NAME_SIZE}\" font-weight=\"bold\" text-anchor=\"middle\" unicode-bidi=\"plaintext\"{direction} fill=\"{INK}\">{}</text>",
            escape(l)
        );
    }
    at += 6.0;
    for (text, on) in &c.badges {
        let bw = width(text, SMALL) * 1.1 + 10.0;
        let (ground, ink, edge) = match on {
            Badge::Listed => (RED, "#ffffff", ""),
            Badge::Blocked => ("#ffffff", RED, " stroke=\"#b00020\""),
            Badge::Doubt => ("#ffffff", AMBER, " stroke=\"#8a4b00\" stroke-dasharray=\"3 2\""),
            Badge::Other => ("#eeeeee", INK, ""),
        };
        put!(
            out,
            "<rect x=\"{:.1}\" y=\"{at:.1}\" width=\"{bw:.1}\" height=\"15\" rx=\"2\" fill=\"{ground}\"{edge}/>",
            x - bw / 2.0
        );
        put!(
            out,
            "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"{SMALL}\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"{ink}\">{}</text>",
            at + 11.0,
            escape(text)
        );
        at += 18.0;
    }
    put!(out, "</g>");
}

/// What a legend entry shows.
enum Sample {
    Box(Shape, bool, Option<Badge>),
    Line(Ink, Dash, bool),
}

/// The legend of what occurs, from `x`, `y` in rows of at most `limit` pixels; returns the y
/// below it.
pub(super) fn legend(
    out: &mut String,
    scene: &Scene,
    upward: bool,
    ends_known: bool,
    x: f64,
    y: f64,
    limit: f64,
) -> f64 {
    use Shape::*;
    let shapes = [
        (Person, "person"),
        (Group, "group of people"),
        (Company, "company or other body"),
        (Ship, "vessel"),
        (Aircraft, "aircraft"),
        (Asset, "other asset"),
        (Programme, "programme"),
        (Undertaking, "project, contract or event"),
        (Other, "other"),
        (Stub, "named, not identified"),
    ];
    let mut entries: Vec<(Sample, &str)> = Vec::new();
    for (s, text) in shapes {
        if scene.cards.iter().any(|c| c.shape == s) {
            entries.push((Sample::Box(s, false, None), text));
        }
    }
    if scene.cards.iter().any(|c| c.listed) {
        entries.push((Sample::Box(Company, true, None), "on a sanctions list"));
    }
    let verdicts = [(Badge::Blocked, "blocked through others"), (Badge::Doubt, "cannot tell whether blocked")];
    for (b, text) in verdicts {
        if scene.cards.iter().any(|c| !c.listed && c.verdict == Some(b)) {
            entries.push((Sample::Box(Company, false, Some(b)), text));
        }
    }
    let inks = [
        (Ink::Ownership, "ownership or votes"),
        (Ink::Control, "control"),
        (Ink::Ambiguous, "ownership or control, not said which"),
        (Ink::Other, "other tie"),
    ];
    for (ink, text) in inks {
        let mut these = scene.strands.iter().filter(|s| s.ink == ink).peekable();
        if these.peek().is_some() {
            entries.push((Sample::Line(ink, Dash::Solid, these.any(|s| s.arrow)), text));
        }
    }
    let out_of_force = if ends_known { "not in force" } else { "has an end date" };
    let dashes = [
        (Dash::Out, out_of_force),
        (Dash::Doubtful, "alleged, disputed, inferred or withdrawn"),
        (Dash::Indirect, "summary of an indirect holding"),
    ];
    for (dash, text) in dashes {
        if scene.strands.iter().any(|s| s.dash == dash) {
            entries.push((Sample::Line(Ink::Ownership, dash, false), text));
        }
    }
    let (mut at, mut row) = (x, y);
    for (sample, text) in entries {
        let w = 44.0 + width(text, LABEL_SIZE) + 22.0;
        if at > x && at + w > x + limit {
            (at, row) = (x, row + 24.0);
        }
        match sample {
            Sample::Box(shape, listed, verdict) => {
                outline(out, shape, (at, row, 34.0, 16.0), &look(listed, verdict));
            }
            Sample::Line(ink, dash, arrow) => {
                let marker =
                    if arrow { format!(" marker-end=\"url(#cuibono-arrow-{})\"", ink as u8) } else { String::new() };
                put!(
                    out,
                    "<path d=\"M{at:.1} {:.1}L{:.1} {:.1}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}{marker}/>",
                    row + 8.0,
                    at + 34.0,
                    row + 8.0,
                    colour(ink),
                    stroke_width(ink),
                    self::dashes(dash)
                );
            }
        }
        put!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{LABEL_SIZE}\" fill=\"{INK}\">{text}</text>",
            at + 42.0,
            row + 12.0
        );
        at += w;
    }
    let mut below = row + 24.0;
    if upward {
        put!(
            out,
            "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"{LABEL_SIZE}\" fill=\"{INK}\">Owners stand above what they own; an arrow that points up closes a ring or runs against the order.</text>",
            below + 12.0
        );
        below += 22.0;
    }
    below
}
