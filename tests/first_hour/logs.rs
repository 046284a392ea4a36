//! `init --from` of logs: the pipeline that there is for them, with this library's layout, codes and file names; nothing is
//! published, and what fits nothing is refused with words.

use std::fs;
use std::path::{Path, PathBuf};

use super::proposed;
use crate::support::afterloan;

fn fixture(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/systems").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|one| one == ending));
    files.sort();
    assert!(!files.is_empty());
    files
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

fn shown(files: &[PathBuf], more: &[&str]) -> (String, String) {
    let site = tempfile::tempdir().unwrap();
    let mut command = afterloan();
    command.arg("init").arg(site.path().join("site")).args(more);
    for file in files {
        command.arg("--from").arg(file);
    }
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ");
    (text(&output.stdout), text(&output.stderr))
}

/// Apache's combined layout, with EZproxy's session at the end.
fn combined(folder: &Path) -> PathBuf {
    let line = |day: u32, user: &str, url: &str, session: &str| {
        format!(
            "192.0.2.{day} - {user} [{day:02}/Aug/2026:09:30:01 -0400] \"GET {url} HTTP/1.1\" 200 512 \
             \"https://zwigglefen.example.org/{user}\" \"Mozilla/5.0 (X11; Linux x86_64)\" {session}\n"
        )
    };
    let users = ["zwigglefen", "quorbleth", "-"];
    let lines = (1..=30).map(|day| {
        let user = users[day as usize % 3];
        line(day, user, &format!("https://www.jstor.org/stable/{day}?t={user}"), &format!("aZ{day}Kq7LmN2pR{day}"))
    });
    written(folder, "access-2026-08.log", &lines.collect::<String>())
}

#[test]
fn a_log_in_another_layout_gets_its_proposal() {
    let folder = tempfile::tempdir().unwrap();
    let file = combined(folder.path());
    let (text, site) = proposed(std::slice::from_ref(&file), &[], folder.path()).unwrap();
    for line in [
        r#"layout = '%h %l %u %t "%r" %s %b "%{Referer}i" "%{User-Agent}i" %{ezproxy-session}i'"#,
        "files = \"access-*.log*\"",
        "session = \"ezproxy-session\"",
        "# [[publish]]",
        "# [[statistics]]",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
    let table: toml::Table = text.parse().unwrap();
    assert!(!table.contains_key("publish") && !table.contains_key("statistics"));
    let identifiers: Vec<&str> =
        table["columns"]["identifiers"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(identifiers, ["host", "ident", "user", "referer", "user-agent", "ezproxy-session"]);
    // It is read tonight as it was here, and no cell is shown.
    let (out, _) = shown(std::slice::from_ref(&file), &[]);
    assert!(out.contains("ezproxy-session") && out.contains("identifier?"), "{out}");
    assert!(!out.contains("zwigglefen") && !text.contains("zwigglefen"), "{out}");
    fs::copy(&file, site.join("inbox/access-2026-08.log")).unwrap();
    let checked = afterloan().args(["check", "--json", "--site"]).arg(&site).output().unwrap();
    let checked = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(!checked.contains("\"published\"") && !checked.contains("zwigglefen"), "{checked}");
}

/// Whatever a line begins with, the proposal loads, and names the login and the address.
#[test]
fn each_usual_layout_makes_a_pipeline() {
    let folder = tempfile::tempdir().unwrap();
    let time = |day: u32| format!("[{day:02}/Aug/2026:09:30:01 -0400]");
    let heads: [(&str, &dyn Fn(u32) -> String); 7] = [
        ("%h %l %u %t", &|day| format!("192.0.2.{day} - zwigglefen {}", time(day))),
        ("%h %{ezproxy-session}i %u %t", &|day| format!("192.0.2.{day} aZ{day}Kq7LmN2pR zwigglefen {}", time(day))),
        ("%v %h %l %u %t", &|day| format!("proxy.example.org 192.0.2.{day} - zwigglefen {}", time(day))),
        ("%v:%p %h %l %u %t", &|day| format!("proxy.example.org:443 192.0.2.{day} - zwigglefen {}", time(day))),
        ("%t %h %l %u", &|day| format!("{} 192.0.2.{day} - zwigglefen", time(day))),
        ("%t %h %u", &|day| format!("{} 192.0.2.{day} zwigglefen", time(day))),
        ("%h %u %t", &|day| format!("192.0.2.{day} zwigglefen {}", time(day))),
    ];
    let tails = [
        ("", ""),
        (" %{ezproxy-session}i", " aZ4Kq7LmN2pR8"),
        (" \"%{User-Agent}i\" %D", " \"Mozilla/5.0\" 120431"),
        (" \"%{Referer}i\" \"%{User-Agent}i\" \"%{Cookie}i\"", " \"-\" \"Mozilla/5.0\" \"a=b; c=d\""),
        (" %v", " proxy.example.org"),
    ];
    for (place, (head, line)) in heads.iter().enumerate() {
        for (at, (tail, end)) in tails.iter().enumerate() {
            if head.contains("session") && tail.contains("session") || head.contains("%v") && tail.contains("%v") {
                continue;
            }
            let lines =
                (1..=28).map(|day| format!("{} \"GET https://www.jstor.org/{day} HTTP/1.1\" 200 51{end}\n", line(day)));
            let file = written(folder.path(), "access-2026-08.log", &lines.collect::<String>());
            let site = folder.path().join(format!("{place}-{at}"));
            fs::create_dir(&site).unwrap();
            let (text, _) = proposed(&[file], &[], &site).unwrap();
            assert!(text.contains(&format!("layout = '{head} \"%r\" %s %b{tail}'")), "{head}{tail}: {text}");
            let table: toml::Table = text.parse().unwrap();
            let identifiers: Vec<&str> =
                table["columns"]["identifiers"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
            assert!(identifiers.contains(&"user") && identifiers.contains(&"host"), "{head}{tail}: {text}");
        }
    }
}

/// Where the log has a login in a place that the pipeline drops, it is searched for.
#[test]
fn what_should_say_nothing_and_does_is_an_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let line =
        |day: u32| format!("192.0.2.7 zwigglefen{day} - [{day:02}/Aug/2026:09:30:01 -0400] \"GET / HTTP/1.1\" 200 1\n");
    let file = written(folder.path(), "access.log.1", &(1..=28).map(line).collect::<String>());
    let (text, _) = proposed(&[file], &[], folder.path()).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let list = |key: &str| table["columns"][key].as_array().unwrap().iter().any(|one| one.as_str() == Some("ident"));
    assert!(list("identifiers") && !list("drop"), "{text}");
}

#[test]
fn a_log_whose_lines_fit_no_layout_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let line =
        |day: u32| format!("quorbleth; 192.0.2.7; [{day:02}/Aug/2026:09:30:01 -0400]; https://www.example.org; 200\n");
    let odd = written(folder.path(), "proxy.log", &(1..=28).map(line).collect::<String>());
    let (_, said) = shown(std::slice::from_ref(&odd), &[]);
    for words in
        ["proxy.log looks like a web server's or proxy's log", "28 lines", "LogFormat", "--with ezproxy", "`layout`"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("quorbleth"));
    // Beside one that fits.
    let (_, said) = shown(&[combined(folder.path()), odd], &[]);
    assert!(said.contains("proxy.log is written otherwise") || said.contains("can't be guessed"), "{said}");
}

/// A log is a pipeline of its own, and says itself what it is.
#[test]
fn logs_stand_alone() {
    let (web, symphony) = (fixture("ezproxy", "log"), fixture("symphony-history", "hist"));
    let table = vec![fixture("koha", "csv").remove(0)];
    let both = |a: &[PathBuf], b: &[PathBuf]| [a, b].concat();
    let cases: [(Vec<PathBuf>, &[&str], &str); 6] = [
        (both(&web, &table), &[], "is a table: a log has a pipeline of its own"),
        (both(&table, &symphony), &[], "is a table: a log has a pipeline of its own"),
        (both(&web, &symphony), &[], "is Symphony's history log: a log has a pipeline of its own"),
        (web.clone(), &["--kind", "session"], "is one of transactions of kind access: leave it out"),
        (symphony.clone(), &["--kind", "hold"], "is one of transactions of kind loan: leave it out"),
        (web.clone(), &["--header", "ezproxy-2026-08.log=a,b"], "have names of their own: leave it out"),
    ];
    for (files, more, words) in cases {
        let (_, said) = shown(&files, more);
        assert!(said.contains(words), "{words}: {said}");
    }
    let (out, said) = shown(&symphony, &["--kind", "loan"]);
    assert!(out.contains("Made"), "{said}");
}

/// A file that was put aside under a number is taken, and the one that is being written isn't.
#[test]
fn names_of_logs_become_patterns() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(combined(folder.path())).unwrap();
    let aside = [written(folder.path(), "access.log.1", &text), written(folder.path(), "access.log.2", &text)];
    let (text, _) = proposed(&aside, &[], folder.path()).unwrap();
    assert!(text.contains("files = \"access.log.[0-9]*\"") && text.matches("[[source]]").count() == 1, "{text}");
}

/// Not on the terminal, not in the pipeline, not by `check`: in whatever encoding, and compressed.
#[test]
fn no_cell_of_a_log_is_shown_or_written() {
    let canaries = ["Vrajbeluga", "jyxnarwhal", "pluqwombat", "21234555666777", "Quokkazan", "kiqnote"];
    let web: String = (1..=25)
        .map(|day| {
            format!(
                "192.0.2.9 - pluqwombat@example.net [{day:02}/Aug/2026:09:30:01 -0400] \"GET https://jyxnarwhal.example.org/ \
                 HTTP/1.1\" 200 51 \"https://Quokkazan.example.org/?u=Vrajb\u{e9}luga\" \"kiqnote/1.0\" Vrajbeluga{day}X9\n"
            )
        })
        .collect();
    let latin = encoding_rs::WINDOWS_1252.encode(&web).0.into_owned();
    let history: String = (1..=25)
        .map(|day| {
            format!(
                "E202608{day:02}1012440634R ^S{day:02}CVFFCIRC^FEMAIN^FWjyxnarwhal^UO21234555666777^zqkiqnote Quokkazan\
                 ^HMVrajbeluga, pluqwombat^^O00113\n"
            )
        })
        .collect();
    let zipped = zstd::encode_all(web.as_bytes(), 0).unwrap();
    let files: [(&str, Vec<u8>, &str); 4] = [
        ("ezproxy-2026-08.log", web.into_bytes(), "layout = "),
        ("ezproxy-2026-08.log", latin, "\nencoding = \"windows-1252\"\n"),
        ("ezproxy-2026-08.log.zst", zipped, "files = \"ezproxy-*.log*\"\n"),
        ("symphony-2026-08.hist", history.into_bytes(), "    \"zq\",  # in doubt"),
    ];
    for (name, bytes, line) in files {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, &bytes).unwrap();
        let site = folder.path().join("site");
        let made = afterloan().arg("init").arg(&site).arg("--from").arg(&path).output().unwrap();
        assert_eq!(made.status.code(), Some(1), "{name}: {}", String::from_utf8_lossy(&made.stderr));
        let pipeline = fs::read_dir(site.join("pipelines")).unwrap().next().unwrap().unwrap().path();
        let pipeline = fs::read_to_string(pipeline).unwrap();
        assert!(pipeline.contains(line), "{name}: {pipeline}");
        fs::copy(&path, site.join("inbox").join(name)).unwrap();
        let checked = afterloan().args(["check", "--site"]).arg(&site).output().unwrap();
        for text in [&made.stdout, &made.stderr, &checked.stdout, &checked.stderr, &pipeline.into_bytes()] {
            let text = String::from_utf8_lossy(text);
            let met = canaries.iter().find(|canary| text.contains(**canary));
            assert!(met.is_none(), "{name}: {met:?} in {text}");
        }
    }
}
