//! HTML as our pages have it, taken apart just so far that tests can tell whether it holds together.

use std::collections::BTreeMap;

/// Elements without an end.
const VOID: [&str; 3] = ["meta", "!DOCTYPE", "br"];

/// Every tag: its name, whether it ends an element, and what stands in it beside the name.
fn tags(html: &str) -> impl Iterator<Item = (&str, bool, &str)> {
    html.split('<').skip(1).map(|rest| {
        let inner = rest.split('>').next().unwrap_or_default();
        let (ends, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
        (name, ends, attributes)
    })
}

/// Whether elements are nested, headings go down by one at a time, ids are there once, each cell of a head says of what it is,
/// and each picture says what it shows.
pub fn is_sound(html: &str) -> Result<(), String> {
    let (mut open, mut heading, mut ids) = (Vec::new(), 0, Vec::new());
    for (name, ends, attributes) in tags(html) {
        if VOID.contains(&name) {
            continue;
        }
        if ends {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> ends nothing"));
            }
            continue;
        }
        open.push(name);
        if attributes.matches('"').count() % 2 == 1 {
            return Err(format!("<{name} {attributes}>: a quote isn't closed"));
        }
        if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()) {
            if level > heading + 1 || (level == 1 && heading > 0) {
                return Err(format!("<h{level}> follows <h{heading}>"));
            }
            heading = level;
        }
        if let Some(id) = attributes.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()) {
            ids.push(id);
        }
        match name {
            "th" if !attributes.contains("scope=") => return Err("a head without its scope".to_owned()),
            "svg"
                if !(attributes.contains("aria-hidden")
                    || attributes.contains("role=\"img\"") && attributes.contains("aria-label=\"")) =>
            {
                return Err("a picture that doesn't say what it shows".to_owned());
            }
            _ => {}
        }
    }
    if html.matches("<table").count() != html.matches("<caption").count() {
        return Err("a table without a caption".to_owned());
    }
    ids.sort_unstable();
    if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("two elements are \"{}\"", twice[0]));
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} aren't closed")) }
}

pub fn links(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

/// What the cells of all lines of all tables say.
pub fn cells(html: &str) -> Vec<Vec<String>> {
    let lines = html.split("<tr>").skip(1).map(|rest| rest.split("</tr>").next().unwrap_or_default());
    let cells = lines.map(|line| {
        let cells = line.split("<t").skip(1).filter(|cell| cell.starts_with(['h', 'd']) && !cell.contains("<svg"));
        cells
            .map(|cell| cell.split_once('>').map_or("", |(_, text)| text.split("</t").next().unwrap_or("")).to_owned())
            .collect()
    });
    cells.collect()
}

/// Sections by their ids.
pub fn sections(html: &str) -> BTreeMap<&str, &str> {
    let sections = html.split("<section id=\"").skip(1).filter_map(|rest| {
        let (id, rest) = rest.split_once('"')?;
        Some((id, rest.split("</section>").next()?))
    });
    sections.collect()
}
