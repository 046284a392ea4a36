// A headless Chromium, spoken to over pipes: no port, and no driver to install.
//
// Source: the Chrome DevTools Protocol, and --remote-debugging-pipe: messages in JSON, each ended by a NUL byte.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ANSWER_WITHIN = 30_000;

export class Chromium {
  #asked = new Map();
  #last = 0;
  #rest = "";

  constructor(program) {
    this.profile = mkdtempSync(join(tmpdir(), "afterloan-pages-"));
    // What stands in the background is let run once a second, and after five minutes once a minute: axe-core would wait for that.
    const options = [
      "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
      "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--no-first-run", "--hide-scrollbars", `--user-data-dir=${this.profile}`, "about:blank",
    ];
    this.process = spawn(program, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.process.on("error", (error) => this.#end(error));
    this.process.on("exit", (code) => this.#end(new Error(`${program} ended (${code})`)));
    this.process.stdio[3].on("error", (error) => this.#end(error));
    this.process.stdio[4].setEncoding("utf8").on("data", (text) => this.#read(text));
  }

  #end(error) {
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }

  #read(text) {
    const messages = (this.#rest + text).split("\0");
    this.#rest = messages.pop();
    for (const message of messages.map((message) => JSON.parse(message))) {
      const asked = this.#asked.get(message.id);
      if (!asked) continue;
      this.#asked.delete(message.id);
      if (message.error) asked.reject(new Error(message.error.message));
      else asked.resolve(message.result);
    }
  }

  ask(method, params = {}, sessionId = undefined) {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#end(new Error(`${method}: no answer`)), ANSWER_WITHIN);
      const done = (finish) => (value) => { clearTimeout(late); finish(value); };
      this.#asked.set(id, { resolve: done(resolve), reject: done(reject) });
      this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    });
  }

  /** An empty tab; scripts that are evaluated in it run whatever a page's own policy says. */
  async tab() {
    const { targetId } = await this.ask("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.ask("Target.attachToTarget", { targetId, flatten: true });
    await this.ask("Target.activateTarget", { targetId });
    return new Tab(this, sessionId);
  }

  async close() {
    const ended = new Promise((resolve) => this.process.on("exit", resolve));
    await this.ask("Browser.close").catch(() => {});
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Tab {
  constructor(chromium, session) {
    this.ask = (method, params) => chromium.ask(method, params, session);
  }

  async open(url) {
    const { errorText } = await this.ask("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    while ((await this.evaluate("document.readyState")) !== "complete") {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async evaluate(expression) {
    const said = await this.ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (said.exceptionDetails) throw new Error(said.exceptionDetails.exception?.description ?? said.exceptionDetails.text);
    return said.result.value;
  }

  /** How wide the screen is, and whether it is night. */
  async look(width, scheme) {
    await this.ask("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
    await this.ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  }
}
