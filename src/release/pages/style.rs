//! How pages look: calm, readable on a phone, by night and on paper.

pub const CSS: &str = "
:root { color-scheme: light dark; --ink: #23282d; --soft: #566069; --line: #dfe3e6; --bar: #3f6f94; --rest: #9aa7b1;
  --paper: #fff; --link: #1f5580; --note: #f3f6f8;
  --s0: #f2f4f5; --s1: #d6e3ed; --s2: #adc8dc; --s3: #7fa8c6; --s4: #4d80a6; --s5: #20527a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --soft: #a6b0b9; --line: #3a4249; --bar: #6fa3c9;
  --rest: #65717b; --paper: #181c20; --link: #8fc1e8; --note: #22282e;
  --s0: #22282e; --s1: #28404f; --s2: #2f5874; --s3: #407a9f; --s4: #629fc8; --s5: #a5d2f2; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 56rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 Georgia, 'DejaVu Serif', serif; }
h1, h2, h3, table, figure, nav, summary, .kicker, .small, dl, .files {
  font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
a { color: var(--link); }
.kicker { margin: 0; color: var(--soft); }
h1 { margin: 0 0 1.25rem; font-size: 1.7rem; font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 3rem 0 .5rem; font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
h3 { margin: 2.25rem 0 .5rem; font-size: 1rem; font-weight: 600; }
p { margin: .6rem 0; }
.lead { font-size: 1.12rem; }
.note { margin: 1.25rem 0; padding: .75rem 1.1rem; background: var(--note); border-left: .3rem solid var(--bar); }
ul { margin: .5rem 0; padding-left: 1.25rem; }
li { margin: .25rem 0; overflow-wrap: anywhere; }
.inline { padding: 0; list-style: none; font-size: .92rem; }
.inline li { display: inline-block; margin: .2rem 1.1rem .2rem 0; }
.small, .legend { color: var(--soft); font-size: .85rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; line-height: 1.35; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  font-weight: 400; }
thead th { color: var(--soft); border-bottom-color: var(--soft); vertical-align: bottom; }
thead td { border-bottom-color: var(--soft); }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .n { white-space: normal; }
.n + th:not(.n), .n + td:not(.n) { padding-left: .5rem; }
.bars { table-layout: fixed; }
.bars th:first-child { width: 32%; overflow-wrap: anywhere; }
.bars .n { width: 9rem; }
.bars svg { display: block; margin-top: .2em; }
th.rest { color: var(--soft); font-style: italic; }
figure { margin: .75rem 0; }
svg text { fill: var(--ink); font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
svg text.year, svg text.hour { fill: var(--soft); }
.time, .week { display: block; overflow: visible; }
.axis { stroke: var(--soft); }
rect { fill: var(--bar); }
rect.rest { fill: var(--rest); }
.week rect { stroke: var(--paper); stroke-width: 1; }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); } .s3 { fill: var(--s3); } .s4 { fill: var(--s4); }
.s5 { fill: var(--s5); }
.key svg { vertical-align: -.15em; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--soft); font-size: .88rem; }
code { font: .9em ui-monospace, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.25rem; font-size: .9rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.years a { display: inline-block; margin: 0 .6rem .2rem 0; padding: .1rem 0; }
.files { font-size: .9rem; }
@media (max-width: 38rem) {
  body { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.4rem; }
  dl { display: block; } dd { margin-bottom: .6rem; }
  table { font-size: .8rem; } th, td { padding-right: .5rem; }
  .bars { font-size: .88rem; } .bars .n { width: 6rem; }
  .bars th:first-child { width: 38%; }
  .time .figure:not(.most) { display: none; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --link: #000; --bar: #3f6f94; --rest: #9aa7b1; --line: #ccc;
    --s0: #f2f4f5; --s1: #d6e3ed; --s2: #adc8dc; --s3: #7fa8c6; --s4: #4d80a6; --s5: #20527a; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  nav { display: none; }
  h2, h3 { break-after: avoid; } tr, figure, .note { break-inside: avoid; }
  rect { print-color-adjust: exact; }
  .wide { overflow: visible; }
  details::details-content { content-visibility: visible; display: block; }
}
";
