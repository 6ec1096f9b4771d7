import type { ErrorKind } from "./words.js";

/** What went wrong: a word of the core's, or one of what only JavaScript knows. */
export type Kind =
  | ErrorKind
  /** A file of a catalog or language has problems; `problems` lists them. */
  | "bad_file"
  /** The WebAssembly isn't there yet: `retriage/slim` was used before `load`. */
  | "not_loaded"
  /** A request would be sent again, and its body is a stream that has been read. */
  | "not_replayable";

/** One thing that is wrong with a file, or poor in it. */
export interface Problem {
  /** The file's name, as it was given. */
  readonly file: string;
  /** Where in it; null where the problem is of the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  /** The entry, such as `401.source_not_found`; empty where it is of the catalog as a whole. */
  readonly entry: string;
  /** The field; empty where it is of the entry as a whole. */
  readonly field: string;
  /** What is wrong, and what would be right. */
  readonly what: string;
}

/** Why there is no answer: what was bad, where, and what would be right. Never holds text of a response. */
export class RetriageError extends Error {
  /** What kind of mistake it is. */
  readonly kind: Kind;
  /** Where in the question, as a JSON pointer; empty for the question as a whole. */
  readonly at: string;
  /** For `bad_file`: every problem of every file. */
  readonly problems: readonly Problem[];

  constructor(kind: Kind, message: string, at = "", problems: readonly Problem[] = [], options?: ErrorOptions) {
    super(at ? `${at}: ${message}` : message, options);
    this.name = "RetriageError";
    this.kind = kind;
    this.at = at;
    this.problems = problems;
  }
}
