// Opens each page of some folders in Chromium by day, as a desk shows it, and holds axe-core against it; all but older periods
// as a phone shows them by night, too. Older periods have the colours of the newest, so contrast, which takes most of the time, is
// not looked for again. Fails on what is serious or critical, on a page wider than its screen, and on anything that is loaded.
//
//   node check.mjs CHROMIUM AXE FOLDER...

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Chromium } from "./chromium.mjs";

const DESK = { width: 1280, scheme: "light" };
const PHONE = { width: 390, scheme: "dark" };
const GRAVE = ["serious", "critical"];

const [program, axe, ...folders] = process.argv.slice(2);
if (folders.length === 0) throw new Error("usage: node check.mjs CHROMIUM AXE FOLDER...");
const source = readFileSync(axe, "utf8");

function pages(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return files.flatMap((file) => {
    const path = join(folder, file.name);
    if (file.isDirectory()) return file.name === "pages" ? pages(path) : [];
    return file.name.endsWith(".html") ? [path] : [];
  });
}

/** The pages but those of periods that aren't their kind's newest. */
function withoutOlder(all) {
  const kind = (page) => /([a-z]+)-\d{4}-\d{2}(-to-\d{4}-\d{2})?\.html$/.exec(page)?.[1];
  return all.filter((page, at) => kind(page) === undefined || kind(page) !== kind(all[at + 1] ?? ""));
}

/** What is wrong with the page that stands open, a line each. */
async function wrong(tab, look, isOlder) {
  const lines = [];
  const wide = await tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  if (wide > 0) lines.push(`is ${wide} px wider than its screen`);
  const loaded = await tab.evaluate("performance.getEntriesByType('resource').map((one) => one.name)");
  lines.push(...loaded.map((name) => `loads ${name}`));
  await tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
  await tab.evaluate(`${source}; true`);
  const options = { resultTypes: ["violations"], rules: { "color-contrast": { enabled: !isOlder } } };
  const found = await tab.evaluate(`axe.run(document, ${JSON.stringify(options)}).then((said) => said.violations.map((one) =>
    ({ impact: one.impact, id: one.id, help: one.help, where: one.nodes[0].html.slice(0, 160), many: one.nodes.length })))`);
  for (const one of found) {
    const line = `${one.impact}: ${one.help} (${one.id}), ${one.many} times, as ${one.where}`;
    if (GRAVE.includes(one.impact)) lines.push(line);
    else console.warn(`  minor: ${line}`);
  }
  return lines.map((line) => `at ${look.width} px, ${look.scheme}: ${line}`);
}

const all = folders.flatMap((folder) => {
  const found = pages(resolve(folder));
  if (found.length === 0) throw new Error(`no page in ${folder}`);
  return found;
});
const newest = withoutOlder(all);
const chromium = new Chromium(program);
let faults = 0;
try {
  const tab = await chromium.tab();
  for (const [look, some] of [[DESK, all], [PHONE, newest]]) {
    await tab.look(look.width, look.scheme);
    for (const page of some) {
      await tab.open(pathToFileURL(page).href);
      for (const line of await wrong(tab, look, !newest.includes(page))) {
        faults += 1;
        console.error(`${page} ${line}`);
      }
    }
  }
} finally {
  await chromium.close();
}
console.log(`${all.length} pages, ${newest.length} of them on a phone by night, too: ${faults} faults`);
process.exitCode = faults > 0 ? 1 : 0;
