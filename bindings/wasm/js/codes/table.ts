import { Numbered } from "../numbered.js";
import { CANONICAL, CATEGORY, FAULT, FINALITY, MATCH, PROCESSED, RETRY, SCOPE, SEVERITY, UNKNOWN, USER } from "./texts.js";
import type { Canonical, Category, Fault, Finality, Match, Processed, Retry, Scope, Severity } from "../words.js";

/** What a status, code or failure means. The members are those of a verdict. */
export interface Code {
  /** The id of the catalog that was asked. */
  readonly catalog: string;
  /** The id of the entry, with the catalog that owns it; null where there is none. */
  readonly entry: string | null;
  /** Its name. */
  readonly title: string | null;
  readonly category: Category;
  readonly canonical: Canonical;
  readonly fault: Fault;
  readonly retry: Retry;
  readonly processed: Processed;
  readonly finality: Finality;
  readonly severity: Severity;
  readonly scope: Scope;
  readonly match: Match;
  /** The text for somebody using an application, in English. */
  readonly user: string;
}

/** Keys of one kind: single ones first, then spans of numbers. */
interface Lines {
  single: Map<string, string[]>;
  spans: [from: number, to: number, line: string[]][];
}

function read(text: string): Lines {
  const lines: Lines = { single: new Map(), spans: [] };
  for (const row of text ? text.split("\n") : []) {
    const [keys, ...line] = row.split("\t");
    for (const key of keys!.split(" ")) {
      const span = /^(\d+)-(\d+)$/.exec(key);
      if (span) lines.spans.push([Number(span[1]), Number(span[2]), line]);
      else lines.single.set(key, line);
    }
  }
  return lines;
}

/** The codes of a catalog. */
export class Table {
  /** Its id. */
  readonly id: string;
  readonly #parent: Table | undefined;
  readonly #texts: readonly string[];
  readonly #lines: Lines[] = [];
  readonly #statuses = new Numbered((status) => this.#found(0, status));
  readonly #codes = new Numbered((code) => this.#found(1, code));

  constructor(id: string, parent: Table | undefined, ...texts: [statuses: string, codes: string, failures: string]) {
    this.id = id;
    this.#parent = parent;
    this.#texts = texts;
  }

  /** What an HTTP status means by itself. */
  status(status: number): Code {
    return this.#statuses.get(status);
  }

  /** What a vendor's code means. A text of digits is a number. */
  code(code: number | string): Code {
    if (typeof code === "number") return this.#codes.get(code);
    return /^[+-]?\d+$/.test(code) ? this.#codes.get(Number(code)) : this.#found(1, code);
  }

  /** What a failure means; those of every client stand in the catalog `transport`. */
  failure(name: string): Code {
    return this.#found(2, name);
  }

  #line(space: number, key: number | string): string[] | undefined {
    const lines = (this.#lines[space] ??= read(this.#texts[space]!));
    const own =
      lines.single.get(String(key)) ??
      lines.spans.find(([from, to]) => typeof key === "number" && key >= from && key <= to)?.[2] ??
      lines.single.get("*");
    if (own || !this.#parent) return own;
    return this.#parent.#line(space, key);
  }

  #found(space: number, key: number | string): Code {
    const line = this.#line(space, key) ?? UNKNOWN;
    const [match, entry, words, title, user] = line as [string, string, string, string, string];
    const [category, canonical, fault, retry, processed, finality, severity, scope] = [...words].map((digit) =>
      parseInt(digit, 36),
    ) as [number, number, number, number, number, number, number, number];
    return Object.freeze({
      catalog: this.id,
      entry: entry || null,
      title: title || null,
      category: CATEGORY[category] as Category,
      canonical: CANONICAL[canonical] as Canonical,
      fault: FAULT[fault] as Fault,
      retry: RETRY[retry] as Retry,
      processed: PROCESSED[processed] as Processed,
      finality: FINALITY[finality] as Finality,
      severity: SEVERITY[severity] as Severity,
      scope: SCOPE[scope] as Scope,
      match: MATCH[Number(match)] as Match,
      user: user || USER[category]!,
    });
  }
}

/** What a number or a name means by a catalog: a code where it lists one, and otherwise a status or a failure. */
export function find(catalog: Table, transport: Table, key: number | string): Code {
  const code = catalog.code(key);
  if (code.match !== "unknown") return code;
  if (typeof key === "number") return catalog.status(key);
  return Object.freeze({ ...transport.failure(key), catalog: catalog.id });
}
