//! The frame of each page: it loads and runs nothing.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::prose::plain;
use super::style::CSS;

/// What stands above a page's own sections.
pub struct Head<'a> {
    pub library: &'a str,
    pub title: &'a str,
    /// To the folder with the index: empty, or `../`.
    pub root: &'a str,
}

/// The whole HTML file.
pub fn page(head: &Head<'_>, body: &Markup) -> String {
    let library = plain(head.library);
    let is_index = head.root.is_empty();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (plain(head.title)) @if !is_index { " – " (library) } }
                style { (PreEscaped(CSS)) }
            }
            body {
                header {
                    @if !is_index { p.kicker { a href={ (head.root) "index.html" } { (library) } } }
                    h1 { (plain(head.title)) }
                }
                main { (body) }
            }
        }
    }
    .into_string()
}
