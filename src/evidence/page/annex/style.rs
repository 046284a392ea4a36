//! How the annex looks: a form, on one sheet of A4 or Letter, and readable on a phone.

pub const CSS: &str = "
:root { color-scheme: light; --ink: #16191c; --soft: #4d565e; --line: #9aa3aa; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 50rem; background: #fff; color: var(--ink);
  font: .95rem/1.45 system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
p { margin: .4rem 0; }
.kicker { margin: 0; color: var(--soft); }
h1 { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.25; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: .86rem; line-height: 1.3; }
caption { padding: .2rem 0; text-align: left; font-weight: 600; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  font-weight: 400; overflow-wrap: anywhere; }
thead th { color: var(--soft); vertical-align: bottom; }
tfoot > tr > * { font-weight: 600; border-bottom: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.small { color: var(--soft); font-size: .8rem; }
code { font: .9em ui-monospace, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
.signatures td, .signatures tbody th { height: 2.4rem; vertical-align: bottom; }
.signatures th:first-child { width: 22%; } .signatures th:last-child { width: 22%; }
@media (max-width: 38rem) {
  dl { display: block; } dd { margin-bottom: .4rem; }
  table:not(.signatures) thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
  table:not(.signatures) tr { display: block; padding: .3rem 0; border-bottom: 1px solid var(--line); }
  table:not(.signatures) tr > * { display: block; width: auto; padding: .05rem 0; border: 0; text-align: left; }
  table:not(.signatures) tbody th { font-weight: 600; }
  td[data-is]::before { content: attr(data-is) ': '; color: var(--soft); }
}
@page { margin: 12mm 14mm; }
@media print {
  :root { font-size: 9.5pt; }
  body { padding: 0; max-width: none; line-height: 1.3; }
  h1 { font-size: 14pt; } p { margin: .15rem 0; } dl { margin: .4rem 0; gap: .1rem 1rem; }
  table { margin: .35rem 0; } th, td { padding-top: .12rem; padding-bottom: .12rem; }
  tr { break-inside: avoid; }
  .signatures td, .signatures tbody th { height: 2.6rem; }
}
";
