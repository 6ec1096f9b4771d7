// The page in Chromium: what a person does with it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { binding, difference, launch, serveFiles, vectors, work } from "./lib.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
let server;
let context;
let page;
let complaints;

before(async () => {
  browser = await launch();
  server = await serveFiles({ page: join(work, "explorer"), package: join(work, "package") });
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(() => open({}));
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, []);
});

/** A fresh browser with the page's errors collected; what the page asks of other hosts is one. */
async function open(options) {
  await context?.close();
  complaints = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", ...options });
  page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => request.url().startsWith(server.url) || complaints.push(request.url()));
}

async function visit(hash = "") {
  // Another address after the # alone would be no new visit.
  await page.goto("about:blank");
  await page.goto(`${server.url}/page/index.html${hash}`);
  await page.waitForSelector("body[data-ready]");
}

const hash = (values) => `#${new URLSearchParams(values)}`;

test("search finds codes, names and texts over all catalogs as one types, and shows an entry", async () => {
  await visit();
  const queries = [
    ["4651", "updox/4651"],
    ["econnreset", "transport/ECONNRESET"],
    ["curl:28", "transport/TimeoutError"],
    ["404 http", "http/404"],
    ["invalid source secret", "redox-2017/401.invalid_source_secret"],
  ];
  for (const [query, id] of queries) {
    await page.fill("#q", query);
    assert.equal(await page.textContent(".results li:first-child .key"), id, query);
  }
  await page.fill("#q", "no such thing anywhere");
  assert.match(await page.textContent(".count"), /^0 entries/);
  await page.fill("#q", "4651");
  await page.click(".results a");
  const entry = await page.textContent(".page");
  for (const text of ["Direct message not sent", "undelivered", "verify", "Updox", "Error Codes", "Español", "العربية", "日本語"]) {
    assert.ok(entry.includes(text), text);
  }
  assert.equal(await page.locator(".languages dd[dir=rtl]").count(), 1);
  assert.equal(await page.locator(".languages dd").count(), 8);
});

test("the keyboard is enough", async () => {
  await visit();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.type("429");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#entry:focus");
  assert.match(await page.textContent("#entry"), /429/);
  await page.goBack();
  await page.waitForSelector(".page", { state: "hidden" });
});

test("an answer is read: what it means, what was recognised where, and why", async () => {
  const text = 'HTTP/1.1 200 OK\nretry-after: 7\ncontent-type: application/json\n\n{"responseCode": 4651, "responseMessage": "failed", "4651": 4651}';
  await visit(hash({ view: "answer", catalog: "updox" }));
  await page.fill("#text", text);
  assert.match(await page.textContent(".out h2"), /Direct message not sent/);
  const marks = await page.locator("mark").evaluateAll((all) => all.map((mark) => [mark.firstChild.data, mark.lastChild.textContent]));
  assert.deepEqual(marks.slice(0, 4), [["200", "status"], ["7", "time to wait"], ["4651", "code"], ['"failed"', "message"]]);
  assert.match(await page.textContent(".because"), /updox\/4651.*Updox, Error Codes/s);
  // What is shown is what was pasted, with the names of the marks put in.
  const shown = await page.locator(".recognised").evaluate((pre) => {
    const copy = pre.cloneNode(true);
    for (const what of copy.querySelectorAll(".what")) what.remove();
    return copy.textContent;
  });
  assert.equal(shown, text);
});

test("HL7 messages, failures and bodies are read as what they are", async () => {
  const cases = [
    ["hl7v2", "MSH|^~\\&|A|B|C|D|2026||ACK|1|P|2.5\rMSA|AE|1\rERR||PID^1|101^Required|E", "HL7 message", "hl7v2/101", [["AE", "acknowledgement"], ["101", "code"]]],
    ["http", "ECONNRESET", "name of a failure", "transport/ECONNRESET", [["ECONNRESET", "failure"]]],
    ["http", "503", "HTTP response", "http/503", [["503", "status"]]],
    ["updox", '{"responseCode":5000}', "body without a status", "updox/5000", [["5000", "code"]]],
    ["redox", "HTTP/2 401\r\n\r\nInvalid source secret.", "HTTP response", "redox/401.invalid_source_secret", [["401", "status"], ["Invalid source secret.", "text"]]],
  ];
  for (const [catalog, text, kind, entry, marks] of cases) {
    await visit(hash({ view: "answer", catalog, text }));
    const out = await page.textContent(".out");
    assert.ok(out.includes(`Read as: ${kind}.`) && out.includes(entry), `${text}: ${out}`);
    const found = await page.locator("mark").evaluateAll((all) => all.map((mark) => [mark.firstChild.data, mark.lastChild.textContent]));
    assert.deepEqual(found, marks, text);
  }
});

test("text of a response is never markup", async () => {
  const evil = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>';
  await visit(hash({ view: "answer", catalog: "updox", text: `HTTP/1.1 400 Bad\nx: ${evil}\n\n{"responseMessage":${JSON.stringify(evil)}}`, q: evil, own: evil, entry: evil }));
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.ok((await page.textContent(".recognised")).includes("<img src=x"));
  await page.click("nav a[data-view=own]");
  await page.waitForSelector(".own");
  await page.click("nav a[data-view=search]");
  await page.waitForSelector(".search");
  assert.equal(await page.evaluate(() => globalThis.hit), undefined);
  const refused = await page.evaluate(() => {
    try {
      document.createElement("p").innerHTML = "<b>x</b>";
      return false;
    } catch {
      return true;
    }
  });
  assert.ok(refused, "the policy lets text become markup");
  assert.equal(complaints.length, 1);
  assert.match(complaints.pop(), /TrustedHTML/);
});

test("the decision and its timeline follow attempt, method, profile and hint", async () => {
  await visit(hash({ view: "answer", text: "HTTP/1.1 503 Service Unavailable" }));
  const decision = () => page.textContent("#decision");
  const rows = () => page.locator(".timeline .row").count();
  assert.match(await decision(), /After attempt 1: retry after 500 ms/);
  const before = await rows();
  assert.ok(before > 2);
  await page.locator("#attempt").fill("3");
  assert.match(await decision(), /After attempt 3: retry after 2 s/);
  assert.equal(await page.locator(".timeline .row.current text").first().textContent(), "attempt 3");
  await page.fill("#hint", "20");
  // What the server asks for, and a little of chance's own on top.
  assert.match(await decision(), /retry after 2\d(\.\d)? s/);
  assert.match(await page.locator(".timeline").getAttribute("aria-label"), /attempt 2 at 2\d(\.\d)? s/);
  await page.fill("#hint", "");
  await page.selectOption("#profile", "axios-retry");
  assert.notEqual(await rows(), before);
  await page.selectOption("#method", "POST");
  assert.match(await decision(), /stop/);
  await page.selectOption("#profile", "standard");
  await page.fill("#text", "ECONNRESET");
  assert.match(await decision(), /verify/);
  await page.check("#idempotent");
  assert.match(await decision(), /retry after/);
});

test("a catalog of one's own is checked as one types, and then used", async () => {
  await visit(hash({ view: "own" }));
  await page.click("text=Start with an example");
  assert.match(await page.textContent(".out"), /It is loaded.*Acme, with one entry/s);
  const good = await page.inputValue("#own");
  await page.fill("#own", good.replace("unavailable", "unavailabel").replace("doc#Errors", "dok#Errors"));
  assert.match(await page.textContent(".out h2"), /2 problems/);
  assert.match(await page.textContent(".problems"), /line \d+, column \d+: 599: category: .*unavailabel|category: must be/);
  await page.click(".problems button");
  const chosen = await page.evaluate(() => {
    const { selectionStart, selectionEnd, value } = document.querySelector("#own");
    return value.slice(selectionStart, selectionEnd);
  });
  assert.ok(chosen.includes("unavailabel"), chosen);
  await page.fill("#own", good);
  await page.click("text=Look its codes up");
  await page.waitForSelector(".results a");
  assert.equal(await page.textContent(".results .key"), "acme/599");
  await page.click("nav a[data-view=answer]");
  await page.selectOption("#catalog", "acme");
  await page.fill("#text", "599");
  assert.match(await page.textContent(".out h2"), /Warehouse closed/);
  // A link holds all of it.
  const link = page.url();
  await open({});
  await page.goto(link);
  await page.waitForSelector("body[data-ready]");
  assert.match(await page.textContent(".out h2"), /Warehouse closed/);
});

test("a link brings back the same view, and Back the one before", async () => {
  await visit();
  await page.click("nav a[data-view=answer]");
  await page.click("text=A failure under a 200");
  await page.selectOption("#method", "POST");
  await page.selectOption("#profile", "ky");
  await page.locator("#attempt").fill("2");
  const [link, shown] = [page.url(), await page.textContent("main")];
  await open({});
  await page.goto(link);
  await page.waitForSelector("body[data-ready]");
  assert.equal(await page.textContent("main"), shown);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("#link");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
});

test("languages change the texts and the direction of the page", async () => {
  await visit(hash({ view: "search", entry: "http/429", lang: "ar" }));
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  assert.match(await page.textContent(".page .user"), /[\u0600-\u06ff]/);
  const list = await page.locator(".list").boundingBox();
  const entry = await page.locator(".page").boundingBox();
  assert.ok(list.x > entry.x, "the list is at the side where lines begin");
  await page.selectOption("#language", "de");
  await page.waitForFunction(() => document.documentElement.dir === "ltr");
  assert.equal(await page.locator(".page .user").getAttribute("lang"), "de");
});

test("it works without a network once it has been opened", async () => {
  await visit();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
    }
  });
  await context.setOffline(true);
  await visit(hash({ view: "answer", text: "503" }));
  assert.match(await page.textContent(".out h2"), /Service Unavailable/);
});

const VIEWS = [
  {},
  { view: "search", q: "rate", entry: "http/429" },
  { view: "search", entry: "updox/4651", lang: "ar" },
  { view: "answer" },
  { view: "answer", catalog: "updox", text: 'HTTP/1.1 200 OK\n\n{"responseCode":5000}', idempotent: "yes", attempt: "2" },
  { view: "own" },
  { view: "own", own: "{}" },
];

for (const colorScheme of ["light", "dark"]) {
  test(`WCAG 2.2 AA, as far as axe can tell: ${colorScheme}`, async () => {
    for (const [width, height] of [[1280, 900], [360, 740]]) {
      // The tool that looks is put in by the test, which the page's own policy would refuse.
      await open({ colorScheme, bypassCSP: true, viewport: { width, height }, reducedMotion: "reduce" });
      for (const view of VIEWS) {
        await visit(hash(view));
        await page.evaluate(axe);
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const { violations } = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), tags);
        const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
        assert.deepEqual(told, [], `${JSON.stringify(view)} at ${width}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${JSON.stringify(view)} is ${overflow} pixels too wide at ${width}`);
      }
    }
  });
}

test("the vectors in Chromium", async () => {
  const cases = vectors();
  await page.goto(`${server.url}/page/index.html`);
  const answers = await page.evaluate(
    async ([url, texts]) => {
      const retriage = await import(url);
      await Promise.all(retriage.LOCALES.map((tag) => retriage.loadLocale(tag)));
      return texts.map((text) => retriage.answer(text));
    },
    [`${server.url}/package/esm/index.js`, cases.map(({ text }) => text)],
  );
  assert.equal(answers.length, cases.length);
  assert.ok(answers.length > 5000, `only ${answers.length} cases`);
  for (const [at, { name, answer }] of cases.entries()) {
    assert.equal(difference("", answer, answers[at]), undefined, name);
  }
});

test("texts are in the reader's language unless another is asked for", async () => {
  await open({ locale: "fr-CA" });
  await page.goto(`${server.url}/page/index.html`);
  const locales = await page.evaluate(async (url) => {
    const retriage = await import(url);
    const locale = (asked) => retriage.classify("http", { status: 404, ...asked }).messages.locale;
    const before = [retriage.lookup("http", 404).messages.locale, locale()];
    await retriage.loadLocale("fr");
    return [...before, retriage.lookup("http", 404).messages.locale, locale(), locale({ locale: "en" })];
  }, `${server.url}/package/esm/index.js`);
  assert.deepEqual(locales, ["en", "en", "fr", "fr", "en"]);
});

test("no text becomes markup in the source either", () => {
  for (const file of ["dom.js", "explorer.js", "raw.js", "timeline.js", "offline.js"]) {
    const text = readFileSync(join(binding, "explorer", file), "utf8");
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|javascript:/, file);
  }
});
