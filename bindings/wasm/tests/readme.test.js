// Every block of the README, and of JavaScript in that of the project, is run, and what it prints is what its comments say.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { binding, consumers, installed, launch, serve, serveFiles } from "./lib.js";

const readme = readFileSync(join(binding, "README.md"), "utf8");
const root = readFileSync(join(binding, "../../README.md"), "utf8");
const blocks = [...readme.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
let server;

before(async () => {
  // What the blocks call `url` is refused; what they call `flaky` works the second time.
  let odd = false;
  server = await serve((request, response) => {
    if (request.url === "/refused") {
      response.writeHead(401).end("Invalid source secret");
      return;
    }
    odd = !odd;
    if (odd) response.writeHead(503, { "retry-after": "0" }).end();
    else response.writeHead(200).end("at last");
  });
});
after(() => server.close());

test("every block is of a kind that is run", () => {
  assert.deepEqual([...new Set(blocks.map(({ language }) => language))].sort(), ["html", "js", "sh"]);
  const shell = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  // install.js has done that.
  assert.deepEqual(shell, ["npm install retriage\n"]);
});

/** What the comments of a block say that it prints. */
function told(text) {
  const lines = [];
  for (const line of text.split("\n")) {
    const [, printed] = /console\.log\(.*\);? \/\/ (.*)$/.exec(line) ?? /^\/\/ (.*)$/.exec(line) ?? [];
    if (printed !== undefined) lines.push(printed);
  }
  return lines;
}

const ofRoot = [...root.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, text]) => ({ language: "js", text }));

for (const [at, { text }] of [...blocks, ...ofRoot].filter(({ language }) => language === "js").entries()) {
  test(`block ${at + 1} of JavaScript: ${text.split("\n")[0]}`, async () => {
    const file = join(consumers, `readme-${at}.mjs`);
    const globals = `import { readFileSync } from "node:fs";
      Object.assign(globalThis, {
        url: "${server.url}/refused",
        flaky: "${server.url}/flaky",
        banner: {},
        wasm: readFileSync(${JSON.stringify(join(installed, "retriage.wasm"))}),
      });`;
    writeFileSync(join(consumers, `readme-${at}-globals.mjs`), globals);
    writeFileSync(file, text);
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", `${file.slice(0, -4)}-globals.mjs`, file]);
    assert.deepEqual(stdout.trimEnd().split("\n"), told(text));
  });
}

test("the page", async () => {
  const [{ text }] = blocks.filter(({ language }) => language === "html");
  writeFileSync(join(consumers, "readme.html"), text);
  const browser = await launch();
  const files = await serveFiles({ consumers });
  try {
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(`${files.url}/consumers/readme.html`);
    await page.waitForFunction(() => document.querySelector("#banner").textContent !== "");
    assert.match(await page.textContent("#banner"), /too many requests/i);
  } finally {
    await browser.close();
    await files.close();
  }
});
