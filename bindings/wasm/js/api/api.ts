// What the package is: the functions here see the built-in catalogs; a `Registry` sees yours as well.
import {
  type Advice,
  builtIn,
  type Catalog,
  type CatalogInfo,
  type Entry,
  type Evidence,
  type Language,
  type Limit,
  type Reply,
  type Verdict,
} from "../registry.js";
import { evidenceOf, type ResponseOptions } from "../response.js";
import type { WireAnswer, WireQuestion } from "../types.js";

export { type Kind, type Problem, RetriageError } from "../errors.js";
export { type Act, Queue, type QueueEvent, type QueueOptions } from "../queue.js";
export {
  type Advice,
  type Attempt,
  type Catalog,
  type CatalogFile,
  type CatalogInfo,
  type Classification,
  type Decision,
  type Entry,
  type Evidence,
  type HeadersLike,
  type Language,
  type Limit,
  loadLocale,
  LOCALES,
  type LocaleTag,
  type Profile,
  profiles,
  Registry,
  type Reply,
  type Verdict,
} from "../registry.js";
export { evidenceOf, type ResponseOptions } from "../response.js";
export type * from "../types.js";
export type * from "../words.js";

/** What came back, by a catalog: the evidence, or a status alone. */
export function classify(catalog: string, evidence: Evidence | number): Verdict {
  return builtIn.classify(catalog, evidence);
}

/**
 * What came back, by a catalog: a `Response`, of which a copy of the body is read; an answer or error of axios or ky;
 * or whatever a client has thrown.
 */
export async function classifyResponse(catalog: string, came: unknown, options?: ResponseOptions): Promise<Verdict> {
  const registry = options?.registry ?? builtIn;
  return registry.classify(catalog, await evidenceOf(catalog, came, options));
}

/** What a key means by a catalog: see `Catalog.lookup`. */
export function lookup(catalog: string, key: number | string): Verdict {
  return builtIn.lookup(catalog, key);
}

/** The catalog of this id, to look codes up in. */
export function catalog(id: string): Catalog {
  return builtIn.catalog(id);
}

/** The catalogs, parents before children. */
export function catalogs(): readonly CatalogInfo[] {
  return builtIn.catalogs();
}

/** One entry by its id, such as `updox/4651`. */
export function entry(id: string, locale?: string | readonly string[]): Entry {
  return builtIn.entry(id, locale);
}

/** The entries of a catalog of its own, in English, ranges last, each followed by its variants. */
export function entries(catalog: string): readonly Entry[] {
  return builtIn.entries(catalog);
}

/** The numbers that the documents of a catalog state. */
export function limits(catalog: string): readonly Limit[] {
  return builtIn.limits(catalog);
}

/** The languages that texts can be had in now, English first. */
export function languages(): readonly Language[] {
  return builtIn.languages();
}

/** What to answer a sender, and what it will make of an answer. */
export function advise(catalog: string, reply: Reply): Advice {
  return builtIn.advise(catalog, reply);
}

/** Answers a question of the wire form, or its text. What can't be answered is answered with an `error`. */
export function answer(question: WireQuestion | string): WireAnswer {
  return builtIn.answer(question);
}
