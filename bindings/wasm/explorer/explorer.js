// The page: what is shown follows from what stands after the # of its address.
import * as retriage from "./retriage/index.js";
import * as words from "./retriage/words.js";
import { facts, h, prose, span, word } from "./dom.js";
import { read, recognised } from "./raw.js";
import { does, draw, simulate } from "./timeline.js";

const main = document.querySelector("main");

/** What the page can be told; what is as here is left out of its address. */
const DEFAULTS = {
  view: "search",
  q: "",
  entry: "",
  lang: "en",
  text: "",
  catalog: "http",
  profile: "standard",
  method: "GET",
  idempotent: "",
  attempt: "1",
  hint: "",
  own: "",
};

const EXAMPLES = [
  ["A refused request", "redox", "HTTP/1.1 401 Unauthorized\ncontent-type: text/plain\n\nInvalid source secret"],
  ["A failure under a 200", "updox", 'HTTP/1.1 200 OK\ncontent-type: application/json\n\n{\n  "successful": false,\n  "responseCode": 4651,\n  "responseMessage": "send failed"\n}'],
  ["Too many requests", "http", "HTTP/1.1 429 Too Many Requests\nretry-after: 30\ncontent-type: application/problem+json\n\n{\n  \"title\": \"Slow down\",\n  \"status\": 429\n}"],
  ["An HL7 acknowledgement", "hl7v2", "MSH|^~\\&|LAB|HOSPITAL|EHR|CLINIC|20261121204000||ACK^A01|4711|P|2.5.1\rMSA|AE|1234\rERR||PID^1^3|101^Required field missing^HL70357|E"],
  ["No answer at all", "http", "ECONNRESET"],
];

let state = { ...DEFAULTS };
let registry = new retriage.Registry();
let problem;
/** Every entry there is, with what it is searched by. */
let index = [];

function parseAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, given.get(name) ?? DEFAULTS[name]]));
}

function address(changes) {
  const next = { ...state, ...changes };
  const changed = Object.entries(next).filter(([name, value]) => name === "view" || value !== DEFAULTS[name]);
  return `#${new URLSearchParams(changed)}`;
}

/** Goes on in the same view; typing leaves no trail in the history. */
function change(changes, remembers = false) {
  const to = address(changes);
  Object.assign(state, changes);
  if (remembers) history.pushState(null, "", to);
  else history.replaceState(null, "", to);
}

function buildIndex() {
  index = registry.catalogs().flatMap(({ id, name }) =>
    registry.entries(id).map((entry) => {
      const key = entry.id.split("/")[1];
      const texts = [entry.title, entry.vendorText, entry.category, entry.fault, entry.retry, entry.remedy, ...Object.values(entry.messages)];
      return {
        entry,
        catalog: name,
        keys: [key, ...entry.names, entry.id].map((one) => one.toLowerCase()),
        title: entry.title.toLowerCase(),
        text: [name, id, ...texts].join(" ").toLowerCase(),
      };
    }),
  );
}

/** The entries that hold every word of a query, the nearest first. */
function search(query) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ({ keys, title, text }) => {
    let sum = 0;
    for (const one of wanted) {
      if (keys.includes(one)) sum += 100;
      else if (keys.some((key) => key.startsWith(one))) sum += 40;
      else if (title.includes(one)) sum += 20;
      else if (keys.some((key) => key.includes(one))) sum += 10;
      else if (text.includes(one)) sum += 1;
      else return 0;
    }
    return sum;
  };
  const ranked = index.map((item) => ({ item, rank: wanted.length === 0 ? 1 : rank(item) }));
  return ranked.filter(({ rank }) => rank > 0).sort((one, other) => other.rank - one.rank).map(({ item }) => item);
}

/** How many results are shown at once. */
const SHOWN = 60;

function results(query) {
  const found = search(query);
  const plural = found.length === 1 ? "entry" : "entries";
  const rest = found.length > SHOWN ? `; the first ${SHOWN} are shown` : "";
  return [
    h("p", { role: "status", class: "count" }, `${found.length} ${plural}${rest}`),
    h(
      "ul",
      { class: "results" },
      found.slice(0, SHOWN).map(({ entry, catalog }) =>
        h(
          "li",
          {},
          h(
            "a",
            { href: address({ entry: entry.id }), "aria-current": entry.id === state.entry ? "true" : undefined },
            h("span", { class: "key" }, entry.id),
            h("span", { class: "name" }, entry.title),
            h("span", { class: "tags" }, h("span", {}, catalog), h("code", { class: `word word-${entry.retry}` }, entry.retry)),
          ),
        ),
      ),
    ),
  ];
}

/** The text for users in every language there is. */
async function texts(id) {
  return Promise.all(
    registry.languages().map(async ({ tag, name, direction }) => {
      const { user, locale } = registry.entry(id, tag).messages;
      return h("div", {}, h("dt", {}, name), h("dd", { lang: locale, dir: direction }, user));
    }),
  );
}

async function entryPage(id) {
  let entry;
  try {
    entry = registry.entry(id, state.lang);
  } catch (error) {
    return [h("h2", {}, "No such entry"), h("p", {}, error.message)];
  }
  const { source, messages } = entry;
  const catalog = registry.catalogs().find((known) => known.id === entry.catalog);
  const date = source.date ?? (source.read ? `read ${source.read}` : undefined);
  const key = { status: "HTTP status", code: "Code", failure: "Failure", condition: "What the body shows" }[entry.kind];
  return [
    h("p", { class: "crumb" }, `${catalog?.name ?? entry.catalog}, as of ${entry.asOf}`),
    h("h2", { tabindex: "-1", id: "entry" }, h("span", { class: "key" }, entry.id.split("/")[1]), " ", entry.title),
    h("p", { class: "user", lang: messages.locale, dir: "auto" }, messages.user),
    h("p", { class: "remedy" }, h("strong", {}, "What to do: "), entry.remedy),
    facts([
      ["Meaning", word(words.category, entry.category)],
      ["Whose fault", word(words.fault, entry.fault)],
      ["Trying again", word(words.retry, entry.retry)],
      ["Took effect", word(words.processed, entry.processed)],
      ["Outcome", word(words.finality, entry.finality)],
      ["Severity", word(words.severity, entry.severity)],
      ["A delay holds back", word(words.scope, entry.scope)],
      ["google.rpc.Code", word(words.canonical, entry.canonical)],
      ["Wait, if the server names none", entry.waitMs === null ? null : span(entry.waitMs)],
      ["Key", key],
      ["Vendor's own text", entry.vendorText],
      ["Other names", entry.names.join(", ")],
      ["Variants", entry.variants.length === 0 ? null : entry.variants.map((variant) => [h("a", { href: address({ entry: variant }) }, variant.split("/")[1]), " "])],
    ]),
    h("h3", {}, "For whoever runs it"),
    h("p", {}, messages.operator),
    h("h3", {}, "For whoever writes the client"),
    h("p", {}, messages.developer),
    h("h3", {}, "For users, in each language"),
    h("dl", { class: "languages" }, await texts(id)),
    h("h3", {}, "Source"),
    h("p", {}, [source.publisher, source.title, source.section, date].filter(Boolean).join(", ")),
    entry.why && [h("h3", {}, "Why it says so"), h("p", {}, entry.why)],
  ];
}

function searchView() {
  const list = h("div", { class: "list" }, results(state.q));
  const page = h("article", { class: "page", "aria-label": "Entry" });
  const input = h("input", {
    type: "search",
    id: "q",
    value: state.q,
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "q-help",
    dir: "auto",
    placeholder: "ECONNRESET, 4651, rate limit…",
    oninput: () => {
      change({ q: input.value });
      list.replaceChildren(...results(input.value));
    },
  });
  const links = () => [...list.querySelectorAll("a")];
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = links();
    const at = all.indexOf(document.activeElement) + step;
    event.preventDefault();
    if (at < 0) input.focus();
    else all[Math.min(at, all.length - 1)]?.focus();
  };
  const view = h(
    "div",
    { class: "search", onkeydown: move },
    h("h1", { class: "hidden" }, "Look up a code"),
    h("div", { class: "field wide" }, h("label", { for: "q" }, "A code, name or text"), input, h("p", { id: "q-help", class: "help" }, "Of every catalog. Press / to come back here, and the arrows to walk through what was found.")),
    h("div", { class: "columns" }, list, page),
  );
  return { view, shown: () => showEntry(page) };
}

async function showEntry(page) {
  page.hidden = state.entry === "";
  if (state.entry !== "") page.replaceChildren(...(await entryPage(state.entry)).flat(9).filter(Boolean));
}

function options(values, chosen) {
  return values.map(([value, name]) => h("option", { value, selected: value === chosen }, name));
}

function field(label, control) {
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
}

function answerView() {
  const out = h("div", { class: "out" });
  const update = () => out.replaceChildren(...told().flat(9).filter(Boolean));
  const select = (id, label, values) => {
    const control = h("select", { id, onchange: () => (change({ [id]: control.value }), update()) }, options(values, state[id]));
    return field(label, control);
  };
  const text = h("textarea", {
    id: "text",
    rows: "9",
    spellcheck: "false",
    autocomplete: "off",
    dir: "ltr",
    oninput: () => (change({ text: text.value }), update()),
  });
  text.value = state.text;
  const catalogs = registry.catalogs().map(({ id, name }) => [id, name]);
  const profiles = retriage.profiles().map(({ id, name }) => [id, name ?? id]);
  const attempt = h("input", {
    id: "attempt",
    type: "range",
    min: "1",
    max: "12",
    value: state.attempt,
    oninput: () => (change({ attempt: attempt.value }), (count.value = attempt.value), update()),
  });
  const count = h("output", { for: "attempt" }, state.attempt);
  const hint = h("input", {
    id: "hint",
    type: "number",
    min: "0",
    step: "1",
    inputmode: "numeric",
    value: state.hint,
    placeholder: "as it says",
    oninput: () => (change({ hint: hint.value }), update()),
  });
  const idempotent = h("input", {
    id: "idempotent",
    type: "checkbox",
    checked: state.idempotent !== "",
    onchange: () => (change({ idempotent: idempotent.checked ? "yes" : "" }), update()),
  });
  const methods = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "PATCH"].map((name) => [name, name]);
  const view = h(
    "div",
    { class: "answer" },
    h("h1", {}, "Read an answer"),
    h(
      "div",
      { class: "columns even" },
      h(
        "form",
        { onsubmit: (event) => event.preventDefault() },
        select("catalog", "Whose answer", catalogs),
        h("div", { class: "field" }, h("label", { for: "text" }, "The answer as it came: status line, headers and body, an HL7 message, or the name of a failure"), text),
        h("p", { class: "examples" }, "For example: ", EXAMPLES.map(([name, catalog, example], at) => [at > 0 ? ", " : "", h("button", { type: "button", class: "plain", onclick: () => (change({ text: example, catalog, hint: "" }, true), render()) }, name)]), "."),
        h(
          "fieldset",
          {},
          h("legend", {}, "The request, and who decides"),
          select("profile", "Profile", profiles),
          select("method", "Method", methods),
          h("div", { class: "field" }, h("label", { for: "attempt" }, "Which attempt it was: ", count), attempt),
          field("Retry-After in seconds, instead of what the answer says", hint),
          h("div", { class: "check" }, idempotent, h("label", { for: "idempotent" }, "Repeating is safe, by an idempotency key or otherwise")),
        ),
      ),
      out,
    ),
  );
  update();
  return { view };
}

/** What is told of the pasted answer. */
function told() {
  const raw = read(state.text);
  if (!raw) return [h("p", { class: "empty" }, "Paste an answer, or take one of the examples.")];
  try {
    const headers = (raw.evidence.headers ?? []).filter(([name]) => state.hint === "" || name.toLowerCase() !== "retry-after");
    if (state.hint !== "") headers.push(["retry-after", state.hint]);
    const verdict = registry.classify(state.catalog, { ...raw.evidence, headers, locale: state.lang, now: Date.now() });
    return [...verdictPart(raw, verdict), ...decisionPart(verdict)];
  } catch (error) {
    return [h("p", { class: "problem", role: "alert" }, error.message)];
  }
}

function verdictPart(raw, verdict) {
  const { messages, hint } = verdict;
  const marks = recognised(raw, verdict, registry.places(state.catalog));
  // HL7 ends its lines with a carriage return alone, which a page doesn't show.
  const part = (from, to) => state.text.slice(from, to).replace(/\r\n?/g, "\n");
  const shown = [];
  let at = 0;
  for (const mark of marks) {
    shown.push(part(at, mark.at), h("mark", {}, part(mark.at, mark.end), h("span", { class: "what" }, mark.what)));
    at = mark.end;
  }
  shown.push(part(at));
  const direction = registry.languages().find(({ tag }) => tag === messages.locale)?.direction;
  return [
    h("h2", {}, verdict.title ?? "Nothing that is listed"),
    h("p", { class: "crumb" }, verdict.entry ? h("a", { href: address({ view: "search", entry: verdict.entry, q: verdict.entry }) }, verdict.entry) : "no entry", ` (${verdict.match})`),
    h("p", { class: "user", lang: messages.locale, dir: direction }, messages.user),
    verdict.remedy && h("p", { class: "remedy" }, h("strong", {}, "What to do: "), verdict.remedy),
    facts([
      ["Meaning", word(words.category, verdict.category)],
      ["Whose fault", word(words.fault, verdict.fault)],
      ["Trying again", word(words.retry, verdict.retry)],
      ["Took effect", word(words.processed, verdict.processed)],
      ["The server says", hint && [hint.delayMs === null ? word(words.hintState, hint.state) : `wait ${span(hint.delayMs)}`, ` (${hint.from})`]],
    ]),
    h("h3", {}, "What was recognised"),
    h("p", { class: "help" }, `Read as: ${raw.kind}.`),
    h("pre", { class: "recognised", dir: "ltr", tabindex: "0", "aria-label": "The answer, with what was recognised marked" }, shown),
    h("h3", {}, "Why"),
    h(
      "ol",
      { class: "because" },
      verdict.because.map(({ step, found, entry, source }) =>
        h("li", {}, prose(words.step[step]), found !== null && [" ", h("code", {}, String(found))], entry && [" → ", h("a", { href: address({ view: "search", entry, q: entry }) }, entry)], source && h("span", { class: "source" }, source)),
      ),
    ),
  ];
}

/** What a step of a decision came to. */
function weight(step, found) {
  return typeof found === "string" || step === "attempts" || step === "budget" ? String(found) : span(found);
}

function decisionPart(verdict) {
  const request = { profile: state.profile, method: state.method, random: 0.5, ...(state.idempotent === "" ? {} : { idempotent: true }) };
  const attempts = simulate(verdict, request);
  const wanted = Number(state.attempt);
  const current = attempts[Math.min(wanted, attempts.length) - 1];
  const { decision } = current;
  return [
    h("h2", { id: "decision" }, "After attempt ", String(current.number), ": ", h("span", { class: `word word-${decision.action}` }, does(decision))),
    wanted > attempts.length && h("p", { class: "help" }, `There is no attempt ${wanted}: it ends before.`),
    h("p", {}, prose(words.cause[decision.reason]), decision.lookAt && [" ", h("strong", {}, "Look at: "), decision.lookAt], decision.notBeforeMs !== null && ` It could have been tried again after ${span(decision.notBeforeMs)}.`),
    draw(attempts, current.number),
    h("h3", {}, "What was weighed"),
    h("ol", { class: "because" }, decision.because.map(({ step, found }) => h("li", {}, prose(words.weighed[step]), " ", h("code", {}, weight(step, found))))),
  ];
}

const STARTER = `{
  "id": "acme",
  "name": "Acme",
  "as_of": "2026-11-21",
  "extends": "http",
  "sources": {
    "doc": { "title": "Errors", "publisher": "Acme", "date": "2026-11-21" }
  },
  "entries": [
    {
      "status": 599,
      "title": "Warehouse closed",
      "category": "unavailable",
      "fault": "destination",
      "retry": "backoff",
      "processed": "no",
      "remedy": "Wait for the next shift.",
      "source": "doc#Errors"
    }
  ]
}
`;

/** Takes the catalog of the address in, or keeps what is wrong with it. */
function loadOwn() {
  problem = undefined;
  try {
    registry = new retriage.Registry(state.own.trim() === "" ? [] : [{ name: "your catalog", text: state.own }]);
  } catch (error) {
    problem = error;
    registry = new retriage.Registry();
  }
  buildIndex();
}

function ownView() {
  const out = h("div", { class: "out", "aria-live": "polite" });
  const text = h("textarea", { id: "own", rows: "22", spellcheck: "false", autocomplete: "off", dir: "ltr" });
  const goTo = (line, column) => {
    const start = text.value.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const end = text.value.indexOf("\n", start + column - 1);
    text.focus();
    text.setSelectionRange(start + column - 1, end < 0 ? text.value.length : end);
  };
  const place = ({ line, column }) => line !== null && [h("button", { type: "button", class: "plain", onclick: () => goTo(line, column) }, `line ${line}, column ${column}`), ": "];
  const tell = (found) => h("li", {}, place(found), [found.entry, found.field, found.what].filter(Boolean).join(": "));
  const update = () => {
    loadOwn();
    if (state.own.trim() === "") {
      out.replaceChildren(h("p", { class: "empty" }, "There is none yet."));
    } else if (problem) {
      const found = problem.problems;
      out.replaceChildren(h("h2", {}, found.length === 1 ? "One problem" : `${found.length} problems`), h("ol", { class: "problems" }, found.map(tell)));
    } else {
      const own = registry.catalogs().at(-1);
      const count = own.entries === 1 ? "one entry" : `${own.entries} entries`;
      out.replaceChildren(
        h("h2", {}, "It is loaded"),
        h("p", {}, `${own.name}, with ${count}. It is searched with the others, and answers can be read by it.`),
        h("p", {}, h("a", { href: address({ view: "search", q: own.id, entry: "" }) }, "Look its codes up")),
        registry.warnings.length > 0 ? h("h3", {}, "What could be better") : "",
        h("ul", { class: "problems" }, registry.warnings.map(tell)),
      );
    }
  };
  const set = (value) => {
    text.value = value;
    change({ own: value });
    update();
  };
  text.addEventListener("input", () => set(text.value));
  const file = h("input", { type: "file", id: "file", accept: ".json,application/json", onchange: async () => file.files[0] && set(await file.files[0].text()) });
  text.value = state.own;
  const view = h(
    "div",
    { class: "own" },
    h("h1", {}, "Your catalog"),
    h("p", {}, "The codes of an API that isn't here: one JSON file, checked as you type by what checks the built-in ones."),
    h(
      "div",
      { class: "columns even" },
      h(
        "form",
        { onsubmit: (event) => event.preventDefault() },
        field("A file of yours", file),
        h("p", {}, h("button", { type: "button", onclick: () => set(STARTER) }, "Start with an example")),
        h("div", { class: "field" }, h("label", { for: "own" }, "The catalog"), text),
      ),
      out,
    ),
  );
  update();
  return { view };
}

const VIEWS = { search: searchView, answer: answerView, own: ownView };

/** Loads a language and lays the page out in its direction. */
async function speak() {
  const languages = document.querySelector("#language");
  if (state.lang !== "en") await retriage.loadLocale(state.lang).catch(() => (state.lang = "en"));
  const { direction } = registry.languages().find(({ tag }) => tag === state.lang);
  document.documentElement.dir = direction;
  languages.value = state.lang;
}

async function render() {
  await speak();
  if (!Object.hasOwn(VIEWS, state.view)) state.view = "search";
  for (const link of document.querySelectorAll("nav a")) {
    const isHere = link.dataset.view === state.view;
    if (isHere) {
      link.setAttribute("aria-current", "page");
      document.title = `${link.textContent} - retriage explorer`;
    } else {
      link.removeAttribute("aria-current");
    }
    link.setAttribute("href", address({ view: link.dataset.view }));
  }
  const { view, shown } = VIEWS[state.view]();
  main.replaceChildren(view);
  await shown?.();
}

/** Follows the address: to another view, or to an entry of this one. */
async function follow() {
  const before = state;
  state = parseAddress();
  if (state.own !== before.own) loadOwn();
  const isEntry = state.view === "search" && before.view === "search" && state.entry !== before.entry && state.q === before.q;
  if (!isEntry || state.lang !== before.lang) {
    await render();
    if (state.view !== before.view) main.focus();
  } else {
    const page = document.querySelector(".page");
    await showEntry(page);
    for (const link of document.querySelectorAll(".results a")) {
      if (link.getAttribute("href") === address({})) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  if (state.view === "search" && state.entry !== before.entry) {
    const heading = document.querySelector("#entry");
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "nearest" });
  }
}

document.querySelector("#link").addEventListener("click", async () => {
  const copied = document.querySelector("#copied");
  try {
    await navigator.clipboard.writeText(location.href);
    copied.textContent = "Copied.";
  } catch {
    copied.textContent = "The address of this page is the link.";
  }
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select");
  if (event.key === "/" && !isTyping && state.view === "search") {
    event.preventDefault();
    document.querySelector("#q").focus();
  }
});

addEventListener("hashchange", follow);

// The words are there in every language: a page where people look shows them side by side.
await Promise.all(retriage.LOCALES.map((tag) => retriage.loadLocale(tag)));
const languages = document.querySelector("#language");
languages.append(...registry.languages().map(({ tag, name }) => h("option", { value: tag, lang: tag }, name)));
languages.addEventListener("change", () => {
  change({ lang: languages.value });
  void render();
});
state = parseAddress();
loadOwn();
await render();
document.body.dataset.ready = "";

if ("serviceWorker" in navigator) {
  // So that it opens without a network, too. A page of another address may not say what is run here.
  const policy = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: () => "offline.js" });
  navigator.serviceWorker.register(policy ? policy.createScriptURL("") : "offline.js", { type: "module" }).catch(() => undefined);
}
