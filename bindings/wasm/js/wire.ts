// Between the names of JavaScript and those of the wire form.
import { RetriageError } from "./errors.js";

/** The longest question that is passed on, in characters: the memory of the module never shrinks again. */
const LONGEST = 16 * 1024 * 1024;

const camels = new Map<string, string>();
const snakes = new Map<string, string>();

function camel(name: string): string {
  let found = camels.get(name);
  if (found === undefined) {
    found = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    camels.set(name, found);
  }
  return found;
}

function snake(name: string): string {
  let found = snakes.get(name);
  if (found === undefined) {
    found = name.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
    // Names come from the caller: keep no more than there can sensibly be.
    if (snakes.size < 200) snakes.set(name, found);
  }
  return found;
}

/** A part of an answer with its members in camelCase, frozen throughout. */
export function fromWire<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(fromWire)) as T;
  const object: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) object[camel(name)] = fromWire(member);
  return Object.freeze(object) as T;
}

/** The members of a question that are somebody else's, and are passed on as they are. */
const VERBATIM = new Set(["body", "headers", "profile"]);

/** A part of a question with its members as the wire form names them. */
export function toWire(value: unknown, at = ""): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RetriageError("bad_value", `must be a number, not ${value}`, at);
  }
  if (value instanceof Date) return toWire(value.getTime(), at);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item, place) => toWire(item, `${at}/${place}`));
  const object: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const place = `${at}/${name}`;
    if (name.includes("_")) {
      throw new RetriageError("unknown_field", `unknown field; in JavaScript it is ${camel(name)}`, place);
    }
    if (name === "body") Object.assign(object, bodyToWire(member));
    else if (name === "headers") object[name] = headersToWire(member);
    else object[snake(name)] = VERBATIM.has(name) ? member : toWire(member, place);
  }
  return object;
}

/** Headers of any kind: an object, pairs, a `Headers`, a `Map`. */
function headersToWire(headers: unknown): unknown {
  if (typeof headers !== "object" || headers === null) return headers;
  const iterable = headers as Partial<Iterable<unknown>>;
  return typeof iterable[Symbol.iterator] === "function" ? [...(headers as Iterable<unknown>)] : headers;
}

/** A body: text, bytes, or an object that stands for its JSON. */
export function bodyToWire(body: unknown): Record<string, unknown> {
  if (typeof body === "string") {
    // A text that no encoding can carry has lost something already; the rest of it counts.
    return { body: body.toWellFormed() };
  }
  const bytes =
    body instanceof ArrayBuffer
      ? new Uint8Array(body)
      : ArrayBuffer.isView(body)
        ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
        : undefined;
  if (!bytes) return { body };
  try {
    return { body: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    let binary = "";
    for (let at = 0; at < bytes.length; at += 0x2000) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
    }
    return { body_base64: btoa(binary) };
  }
}

/** A question as the text that the module takes. */
export function stringify(question: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(question);
  } catch (error) {
    // A BigInt, or a circle.
    const why = error instanceof Error ? error.message.split("\n")[0] : "";
    throw new RetriageError("bad_value", `can't be written as JSON: ${why}`);
  }
  return checkLength(text ?? "null");
}

/** A text, unless it is too long for the module. */
export function checkLength(text: string): string {
  if (text.length > LONGEST) {
    throw new RetriageError("too_large", `has ${text.length} characters; at most ${LONGEST} are read`);
  }
  return text;
}

/** What the module answered, or its error thrown. */
export function parse<T>(text: string): T {
  const answer = JSON.parse(text);
  const { error } = answer;
  if (error) {
    const at = String(error.at).split("/").map(camel).join("/");
    throw new RetriageError(error.kind, error.message, at);
  }
  return answer;
}
