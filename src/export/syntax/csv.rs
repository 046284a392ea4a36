//! RFC 4180, as most systems have it. A record may span lines: `borders` and `rows` have its scan and its parser.

use super::{Format, Names, Sample, Syntax};

pub(super) const FORMAT: Format = Format {
    name: "csv",
    names: Names::Header,
    is_log: false,
    is_text: true,
    comments: true,
    sheets: false,
    read: |keys| Ok(Syntax::Csv { delimiter: keys.delimiter(b',')? }),
    samples: &[
        Sample {
            keys: r#"{"multiline": ["name", "note"]}"#,
            asked: &[],
            file: "id,name\n1,\"a, \"\"b\"\"\nc\"\n2,d\n",
        },
        Sample { keys: r#"{"delimiter": ";"}"#, asked: &[], file: "id;name\r\n1;\"a;b\"\r\n" },
    ],
    wrap: None,
};
