// Catalogs and languages, and what they say.
import { type Problem, RetriageError } from "./errors.js";
import { newCore, profilesJson } from "./instance.js";
import { BODY_LIMIT } from "./limit.js";
import { LOADERS } from "./loaders.js";
import { Numbered } from "./numbered.js";
import type {
  Advice,
  Answer,
  Classification,
  Decision as DecisionFields,
  Entry,
  Limit,
  Question,
  WireAnswer,
  WireClassification,
  WireDecision,
  WireQuestion,
} from "./types.js";
import { checkLength, fromWire, parse, stringify, toWire } from "./wire.js";
import type { Core } from "./wasm/retriage.js";
import type { Audience } from "./words.js";

/** Headers in any of the forms in which JavaScript has them. */
export type HeadersLike =
  | { readonly [name: string]: string | readonly string[] | null | undefined }
  | Iterable<readonly [string, string]>;

/** What came back from an API, or that nothing did. */
export interface Evidence
  extends Pick<Question, "status" | "code" | "failure" | "mode" | "bodyLimit" | "details" | "locale"> {
  readonly headers?: HeadersLike | null;
  /** The body: text, bytes, or an object that stands for its JSON. */
  readonly body?: string | object | null;
  /** The MSH-10 of the HL7 message that was sent. */
  readonly controlId?: string | null;
  /** The time of receipt: milliseconds since 1970, RFC 3339, or a Date. */
  readonly now?: number | string | Date | null;
}

/** How a client retries: an id, or an object as `codes/profile.schema.json` describes it. */
export type Profile = string | { readonly [field: string]: unknown };

/** The request, and the attempt that has just ended. */
export interface Attempt
  extends Pick<
    Question,
    "method" | "idempotent" | "verified" | "environment" | "attempt" | "elapsedMs" | "random" | "state" | "budget"
  > {
  readonly profile?: Profile | null;
  readonly now?: number | string | Date | null;
}

/** What a destination is about to answer, and what it wants of the sender. */
export type Reply = Pick<Question, "intent" | "status" | "code" | "environment">;

/** An event that happened to a queue. */
export type { Classification, Entry, Limit, Advice };

/** A catalog: what it covers, and of which date. */
export interface CatalogInfo {
  readonly id: string;
  readonly name: string;
  readonly about: string | null;
  readonly asOf: string;
  readonly extends: string | null;
  /** How many entries it has of its own. */
  readonly entries: number;
}

/** A language. */
export interface Language {
  /** Its BCP 47 tag. */
  readonly tag: string;
  /** Its name in itself. */
  readonly name: string;
  readonly direction: "ltr" | "rtl";
}

/** A file of a catalog: its name, for errors, and its text or what is in it. */
export interface CatalogFile {
  readonly name: string;
  readonly text: string | object;
}

/** What to do next. */
export interface Decision extends DecisionFields {}
export class Decision {
  readonly #wire: WireDecision;

  /** @internal */
  constructor(wire: WireDecision) {
    this.#wire = wire;
    Object.assign(this, fromWire(wire));
    Object.freeze(this);
  }

  /** The wire form. */
  toJSON(): WireDecision {
    return structuredClone(this.#wire);
  }
}

/** What an answer means. Frozen; it holds nothing in the memory of the module. */
export interface Verdict extends Classification {}
export class Verdict {
  readonly #wire: WireClassification;
  readonly #question: Record<string, unknown>;
  readonly #registry: Registry;

  /** @internal */
  constructor(registry: Registry, question: Record<string, unknown>, wire: WireClassification) {
    this.#registry = registry;
    this.#question = question;
    this.#wire = wire;
    Object.assign(this, fromWire(wire));
    Object.freeze(this);
  }

  /** The text for an audience; `messages.locale` says in which language, `messages.english` where it is not. */
  message(audience: Audience = "user"): string {
    return this.messages[audience];
  }

  /** What to do next. `random` and `now` come from the platform unless they are given. */
  decide(attempt: Attempt = {}): Decision {
    const asked = toWire(attempt) as Record<string, unknown>;
    const question = {
      ...this.#question,
      attempt: 1,
      random: Math.random(),
      now: this.#question["now"] ?? Date.now(),
      ...asked,
    };
    return new Decision(this.#registry.ask(question).decision!);
  }

  /** The wire form. */
  toJSON(): WireClassification {
    return structuredClone(this.#wire);
  }
}

/** A catalog to look codes up in. An answer that was given once is given again without calling the module. */
export class Catalog {
  /** Its id. */
  readonly id: string;
  readonly #registry: Registry;
  readonly #statuses = new Numbered<Verdict>((status) => this.#registry.classify(this.id, { status }));
  readonly #codes = new Numbered<Verdict>((code) => this.#registry.classify(this.id, { code }));
  readonly #names = new Map<string, Verdict>();
  readonly #either = new Numbered<Verdict>((number) => {
    const code = this.code(number);
    return code.match === "unknown" ? this.status(number) : code;
  });

  /** @internal */
  constructor(registry: Registry, id: string) {
    this.#registry = registry;
    this.id = id;
  }

  /** What an HTTP status means by itself. */
  status(status: number): Verdict {
    return this.#statuses.get(status);
  }

  /** What a vendor's code means. A text of digits is a number. */
  code(code: number | string): Verdict {
    return typeof code === "number" ? this.#codes.get(code) : this.#named("code", code);
  }

  /** What a failure means, such as `ECONNRESET`. */
  failure(failure: string): Verdict {
    return this.#named("failure", failure);
  }

  /**
   * What a key means. A number is a code where the catalog knows it as one, and a status otherwise; a text is a code's
   * name, or a failure's. What nobody lists is `unknown`; nothing is thrown for it.
   */
  lookup(key: number | string): Verdict {
    if (typeof key === "number") return this.#either.get(key);
    const code = this.code(key);
    return code.match === "unknown" ? this.failure(key) : code;
  }

  #named(kind: "code" | "failure", name: string): Verdict {
    const key = `${kind} ${name}`;
    let verdict = this.#names.get(key);
    if (!verdict) {
      verdict = this.#registry.classify(this.id, { [kind]: name });
      // Only what the catalog lists is kept: other names come from outside, without end.
      if (verdict.match !== "unknown") this.#names.set(key, verdict);
    }
    return verdict;
  }

  /** @internal */
  forget(): void {
    this.#statuses.clear();
    this.#codes.clear();
    this.#either.clear();
    this.#names.clear();
  }
}

/** What loading files came to. */
interface Report {
  problems: Problem[];
  warnings: Problem[];
}

/** Texts of languages, by their tags: those that every registry speaks. */
const texts = new Map<string, string>();
/** How often a language has been learned. */
let learned = 0;
const registries = new Set<WeakRef<Registry>>();

/** Takes a language in. @internal */
export function learn(tag: string, text: string): void {
  texts.set(tag, text);
  learned++;
  forgetAll();
}

/** Forgets verdicts, whose texts may be in another language now. */
function forgetAll(): void {
  for (const reference of registries) {
    const registry = reference.deref();
    if (registry) registry.forget();
    else registries.delete(reference);
  }
}

/** A language of the package. */
export type LocaleTag = keyof typeof LOADERS;

/** The languages of the package besides English, for `loadLocale`. */
export const LOCALES = Object.freeze(Object.keys(LOADERS)) as readonly LocaleTag[];

/** Loads a language of the package. Until then, and where there is none, texts are English. */
export async function loadLocale(tag: LocaleTag): Promise<void> {
  const load = Object.hasOwn(LOADERS, tag) ? LOADERS[tag] : undefined;
  if (!load) {
    const known = Object.keys(LOADERS).join(", ");
    throw new RetriageError("bad_value", `there is no such language in the package; one of en, ${known}`, "/locale");
  }
  await load();
}

let wishes: readonly string[] | undefined;

/** The languages the reader wishes for. */
function wished(): readonly string[] {
  if (!wishes) {
    const languages = globalThis.navigator?.languages;
    wishes = Array.isArray(languages) ? languages : [];
    if ("onlanguagechange" in globalThis) {
      globalThis.addEventListener("languagechange", () => {
        wishes = undefined;
        forgetAll();
      }, { once: true });
    }
  }
  return wishes;
}

/** The built-in catalogs, and those of your own. Never changes once it is made. */
export class Registry {
  readonly #files: readonly (readonly [string, string])[];
  readonly #catalogs = new Map<string, Catalog>();
  #last: Catalog | undefined;
  #core: Core | undefined;
  #speaks = 0;
  /** What is legal in the files and poor. */
  readonly warnings: readonly Problem[];

  /**
   * The built-in catalogs and those of these files, which may extend and overlay each other and the built-in ones.
   * Throws a `RetriageError` whose `problems` are all of theirs.
   */
  constructor(files: readonly CatalogFile[] = []) {
    this.#files = files.map(({ name, text }) => [String(name), typeof text === "string" ? text : stringify(text)]);
    this.warnings = Object.freeze(this.#files.length > 0 ? load(this.#own(), this.#files) : []);
    registries.add(new WeakRef(this));
  }

  #own(): Core {
    return (this.#core ??= newCore());
  }

  /** The module's own registry, in the languages that have been learned. */
  #ready(): Core {
    const core = this.#own();
    if (this.#speaks !== learned) {
      const files = [...texts].map(([tag, text]) => [`${tag}.json`, text]);
      const report = JSON.parse(core.speak(JSON.stringify(files))) as Report;
      if (report.problems.length > 0) throw problems(report.problems);
      this.#speaks = learned;
    }
    return core;
  }

  /** Answers a question of the wire form, or its text. What can't be answered is answered with an `error`. */
  answer(question: WireQuestion | string): WireAnswer {
    const text = typeof question === "string" ? question : JSON.stringify(question);
    return JSON.parse(this.#ready().answer(checkLength(text ?? "null")));
  }

  /** Answers a question in camelCase; what can't be answered is thrown. @internal */
  ask(question: Record<string, unknown>): WireAnswer {
    return parse<WireAnswer>(this.#ready().answer(stringify(question)));
  }

  /** The catalog of this id, to look codes up in. Throws where there is none. */
  catalog(id: string): Catalog {
    // Mostly it is the same one as the last time, and a comparison is cheaper than a look into a map.
    if (this.#last?.id === id) return this.#last;
    let catalog = this.#catalogs.get(id);
    if (!catalog) {
      catalog = new Catalog(this, id);
      // An unknown id is told here, not at the first look-up.
      catalog.status(0);
      this.#catalogs.set(id, catalog);
    }
    this.#last = catalog;
    return catalog;
  }

  /** What came back, by a catalog. Texts are in the wished language, by default one of `navigator.languages`. */
  classify(catalog: string, evidence: Evidence | number): Verdict {
    if (typeof evidence === "number") return this.catalog(catalog).status(evidence);
    const given = toWire(evidence) as Record<string, unknown>;
    for (const name of Object.keys(given)) {
      if (!EVIDENCE.has(name)) {
        throw new RetriageError("unknown_field", `is no evidence; one of ${[...EVIDENCE].join(", ")}`, `/${name}`);
      }
    }
    const { body, body_limit: limit = BODY_LIMIT } = given;
    if (typeof body === "string" && typeof limit === "number" && body.length > limit) {
      // Too long to be read, as the core will say; so much of it is enough to see that.
      given["body"] = body.slice(0, limit + 1).toWellFormed();
    }
    const question = { catalog, locale: wished(), ...given };
    return new Verdict(this, question, this.ask(question).classification!);
  }

  /** What a key means by a catalog: see `Catalog.lookup`. */
  lookup(catalog: string, key: number | string): Verdict {
    return this.catalog(catalog).lookup(key);
  }

  /** What to answer a sender, and what it will make of an answer. */
  advise(catalog: string, reply: Reply): Advice {
    const answer = this.ask({ ask: "advise", catalog, ...(toWire(reply) as object) });
    return fromWire(answer.advice) as unknown as Advice;
  }

  /** One entry by its id, such as `updox/4651`. */
  entry(id: string, locale: string | readonly string[] = wished()): Entry {
    return fromWire(this.ask({ ask: "entry", entry: id, locale }).entry) as unknown as Entry;
  }

  /** The entries of a catalog of its own, in English, ranges last, each followed by its variants. */
  entries(catalog: string): readonly Entry[] {
    return fromWire(parse(this.#ready().entries(catalog)));
  }

  /** The numbers that the documents of a catalog state. */
  limits(catalog: string): readonly Limit[] {
    return fromWire(this.ask({ ask: "limits", catalog }).limits) as unknown as readonly Limit[];
  }

  /** Where a catalog looks for codes and reason texts: `body:responseCode`, `header:grpc-status`, `text`. */
  places(catalog: string): { readonly codes: readonly string[]; readonly reasons: readonly string[] } {
    return fromWire(parse(this.#ready().places(catalog)));
  }

  /** The catalogs, parents before children. */
  catalogs(): readonly CatalogInfo[] {
    return fromWire(JSON.parse(this.#ready().catalogs()));
  }

  /** The languages that texts can be had in now, English first. */
  languages(): readonly Language[] {
    const english: Language = { tag: "en", name: "English", direction: "ltr" };
    return fromWire([english, ...JSON.parse(this.#ready().languages())]);
  }

  /** @internal */
  forget(): void {
    for (const catalog of this.#catalogs.values()) catalog.forget();
  }
}

/** The fields of a question that are evidence. */
const EVIDENCE = new Set([
  "status",
  "code",
  "failure",
  "headers",
  "body",
  "body_base64",
  "control_id",
  "mode",
  "now",
  "body_limit",
  "details",
  "locale",
]);

function load(core: Core, files: readonly (readonly [string, string])[]): Problem[] {
  const report = JSON.parse(core.load(checkLength(JSON.stringify(files)))) as Report;
  if (report.problems.length > 0) throw problems(report.problems);
  return report.warnings;
}

function problems(found: readonly Problem[]): RetriageError {
  const lines = found.map(({ file, line, column, entry, field, what }) => {
    const place = line === null ? file : `${file}:${line}:${column}`;
    return [place, entry, field, what].filter((part) => part !== "").join(": ");
  });
  return new RetriageError("bad_file", lines.join("\n"), "", found);
}

/** The built-in profiles, as `codes/profile.schema.json` describes them. */
export function profiles(): readonly { readonly id: string; readonly name?: string; readonly [field: string]: unknown }[] {
  return JSON.parse(profilesJson());
}

/** The built-in catalogs alone. */
export const builtIn = new Registry();
