//! How nodes look in formats that carry it: colour by family, a warm red for the listed, a
//! shape that says the family without colour.

/// Colour (red, green, blue) of a node.
pub(super) fn color(family: &str, listed: bool) -> (u8, u8, u8) {
    if listed {
        return (190, 30, 45);
    }
    match family {
        "person" => (46, 110, 170),
        "legal" => (60, 130, 80),
        "asset" => (150, 105, 40),
        "state" | "place" => (95, 95, 140),
        "program" | "act" => (125, 75, 140),
        _ => (110, 115, 120),
    }
}

/// The same colour as `#rrggbb`.
pub(super) fn hex(family: &str, listed: bool) -> String {
    let (r, g, b) = color(family, listed);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Shape in GEXF's words.
pub(super) fn gexf_shape(family: &str) -> &'static str {
    match family {
        "person" => "disc",
        "legal" => "square",
        "asset" => "diamond",
        "state" | "program" | "act" | "place" => "triangle",
        _ => "disc",
    }
}

/// Shape in Graphviz's words.
pub(super) fn dot_shape(family: &str) -> &'static str {
    match family {
        "person" => "ellipse",
        "legal" => "box",
        "asset" => "diamond",
        "state" | "program" | "act" | "place" => "hexagon",
        _ => "plaintext",
    }
}

/// Size of a node: the listed stand out.
pub(super) fn size(listed: bool) -> f64 {
    if listed { 14.0 } else { 10.0 }
}
