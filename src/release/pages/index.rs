//! The first page: the last year of each kind in charts, and the way to all that is public.

use maud::{Markup, html};

use super::frame::{self, Head};
use super::guide::guide;
use super::prose::{kinds, plain};
use super::said::Said;
use super::{of_kind, prose, survey};
use crate::release::catalogue::Catalogue;
use crate::release::catalogue::PackageAbout;
use crate::release::package::PACKAGE;
use crate::release::series::series_path;
use crate::release::shape::Node;
use crate::words::Kind;

pub fn page(catalogue: &Catalogue, about: &PackageAbout<'_>) -> String {
    let all: Vec<Said<'_>> =
        catalogue.kinds.iter().map(|(kind, of_kind)| Said { kind: *kind, of_kind, about }).collect();
    let body = html! {
        p.lead { "What the library lends and how it is used, in figures that anyone may read. They are published so that no "
            "figure about who, where or when is about fewer than " (about.threshold) " patrons." }
        @if all.is_empty() { p { "Nothing is published yet." } }
        @if all.len() > 1 {
            nav aria-label="On this page" { ul.inline {
                @for said in &all { li { a href={ "#" (said.kind) } { (kinds(said.kind)) } } }
                li { a href="#reading" { "How to read these figures" } }
                li { a href="#data" { "Data" } }
            } }
        }
        @for said in &all { (of_kind::section(said)) }
        @if !catalogue.survey.is_empty() { p { a href=(survey::PAGE) { (survey::TITLE) } } }
        section { h2 id="reading" { "How to read these figures" } (guide(about.threshold)) }
        (data(&all, about))
    };
    let title = format!("What {} lends", plain(about.library));
    frame::page(&Head { library: about.library, title: &title, root: "" }, &body)
}

fn data(all: &[Said<'_>], about: &PackageAbout<'_>) -> Markup {
    html! {
        section {
            h2 id="data" { "Data" }
            p { "All of it is described in " a href=(PACKAGE) { (PACKAGE) } ", a Frictionless data package: every table, and what "
                "every column means." }
            @match about.licence {
                Some(licence) => p { "Licence: " (plain(licence)) "." },
                None => p { "No licence is stated." },
            }
            @if !all.is_empty() {
                h3 { "Tables for spreadsheets, of all periods" }
                ul.files { @for said in all { @for (name, _) in said.tables() {
                    li { a href=(series_path(said.kind, name)) { (said.title(name)) } " " span.small { "CSV" } }
                } } }
                h3 { "Folders of Parquet files, one a period" }
                ul.files {
                    @for said in all { @for (node, _) in &said.of_kind.nodes {
                        @let folder = format!("dataset/{}/{}/", said.kind, node.name());
                        li { a href=(folder) { code { (folder) } } " " (rows_are(said.kind, *node)) }
                    } }
                    @for said in all { @for (name, _) in said.tables() {
                        @let folder = format!("statistics/{}/{name}/", said.kind);
                        li { a href=(folder) { code { (folder) } } }
                    } }
                }
            }
        }
    }
}

/// What a node of the dataset has in each row.
fn rows_are(kind: Kind, node: Node) -> String {
    let rows = prose::counted(kind);
    match node {
        Node::Collection => format!("{rows}, a row each: where, what and when"),
        Node::Community => {
            format!("{rows}, a row each: where, and what kind of patron; its rows can't be joined with the others")
        }
        Node::Hours => format!("how many {rows} by weekday and hours"),
    }
}
