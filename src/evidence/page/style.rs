//! How the page looks: calm, wide enough for a phone, and the same on paper.

pub const CSS: &str = "
:root { color-scheme: light; --ink: #23282d; --soft: #5c666f; --line: #dfe3e6; --bar: #3f6f94; --paper: #fff;
  --waiting: #c9822b; --link: #1f5580; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 52rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 Georgia, 'DejaVu Serif', serif; }
h1, h2, h3, table, .kicker, .small, dl { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
.kicker { margin: 0; color: var(--soft); }
h1 { margin: 0 0 1.5rem; font-size: 1.6rem; font-weight: 600; line-height: 1.25; }
h2 { margin: 2.75rem 0 .5rem; font-size: 1.15rem; font-weight: 600; }
h3 { margin: 1.5rem 0 .4rem; font-size: .92rem; font-weight: 600; }
p { margin: .5rem 0; }
.lead { font-size: 1.15rem; }
.person { margin-top: 1.75rem; padding: .75rem 1.1rem; border-left: .3rem solid #c9822b; background: #fdf7ee; }
.person h2 { margin-top: 0; }
ul { margin: .5rem 0; padding-left: 1.25rem; }
li { margin: .2rem 0; }
.small { color: var(--soft); font-size: .82rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; line-height: 1.35; }
th, td { padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  font-weight: 400; }
thead th { color: var(--soft); border-bottom-color: var(--soft); vertical-align: bottom; }
.stack th, .stack td { overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .n { white-space: normal; }
.n + th:not(.n), .n + td:not(.n) { padding-left: .9rem; }
.bars .n + * { padding-left: 0; }
.few { color: var(--soft); font-style: italic; }
.sum > * { font-weight: 600; }
.nowrap { white-space: nowrap; }
.lines p { margin: 0; }
.bars th:first-child { width: 45%; }
.bars .n { width: 8rem; }
.bar { vertical-align: middle; }
.bar svg { display: block; width: 100%; height: .6rem; }
.bar rect { fill: var(--bar); }
a { color: var(--link); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
figure { margin: 1rem 0; }
figcaption, figure svg text { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
figcaption { font-size: .88rem; color: var(--soft); }
svg.time { display: block; overflow: visible; }
svg text { fill: var(--ink); font-size: 12px; }
.axis { stroke: var(--soft); }
rect.needed, .key.needed { fill: var(--bar); background: var(--bar); }
rect.waiting, .key.waiting { fill: var(--waiting); background: var(--waiting); }
.key { display: inline-block; width: .7em; height: .7em; print-color-adjust: exact; }
code { font: .88em ui-monospace, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--soft); font: .9rem system-ui, 'DejaVu Sans', sans-serif; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; font-size: .88rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 38rem) {
  body { padding-top: 1.25rem; }
  dl { display: block; } dd { margin-bottom: .5rem; }
  .bars .bar, .bars thead td { display: none; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack, .stack tbody, .stack tr, .stack th, .stack td { display: block; width: 100%; }
  .stack tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .stack th, .stack td { padding: .1rem 0; border: 0; text-align: left; overflow-wrap: anywhere; }
  .stack th { font-weight: 600; }
  .stack .n + td:not(.n) { padding-left: 0; }
  .stack td { display: grid; grid-template-columns: 42% 1fr; gap: .75rem; }
  .stack td::before { content: attr(data-head); color: var(--soft); }
}
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  h2, h3 { break-after: avoid; } tr, .person, figure { break-inside: avoid; } rect { print-color-adjust: exact; }
  .wide { overflow: visible; }
  details::details-content { content-visibility: visible; display: block; }
}
";
