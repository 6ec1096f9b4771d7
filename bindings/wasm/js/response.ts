// What clients give: responses, and what they throw.
import { BODY_LIMIT } from "./limit.js";
import { builtIn, type Evidence, type HeadersLike, type Registry } from "./registry.js";

/** How an answer is read. */
export interface ResponseOptions
  extends Pick<Evidence, "mode" | "bodyLimit" | "details" | "locale" | "controlId" | "now"> {
  /** The catalogs; by default the built-in ones. */
  readonly registry?: Registry;
  /** Whether the body of a response is read; by default, unless it is a stream without an end, or media. */
  readonly readsBody?: (response: Response) => boolean;
}

/** Media types whose bodies hold no codes, or may never end. */
const NO_TEXT = /^(audio|video|image|font)\/|^(text\/event-stream|multipart\/x-mixed-replace|application\/(octet-stream|zip|pdf|wasm))\b/i;

/** What is looked at of an answer of axios, or of another client that has read the body. */
interface Answered {
  status: number;
  headers?: unknown;
  data?: unknown;
  body?: unknown;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isResponse(value: unknown): value is Response {
  return isObject(value) && typeof value["status"] === "number" && typeof value["arrayBuffer"] === "function";
}

function isAnswered(value: unknown): value is Answered {
  return isObject(value) && typeof value["status"] === "number" && ("headers" in value || "data" in value);
}

/**
 * What came back, as evidence: of a `Response`, of which a copy of the body is read; of an answer or error of axios
 * or ky; or of whatever a client has thrown.
 */
export async function evidenceOf(catalog: string, came: unknown, options: ResponseOptions = {}): Promise<Evidence> {
  const { registry = builtIn, readsBody, ...rest } = options;
  const common: Evidence = { now: Date.now(), ...rest };
  if (isResponse(came)) return { ...common, ...(await ofResponse(came, options)) };
  // axios and ky put the response, if one came, into the error.
  const response = isObject(came) ? came["response"] : undefined;
  if (isResponse(response)) {
    const read = await ofResponse(response, options);
    // ky 2 has read the body of an error by then.
    const data = isObject(came) ? came["data"] : undefined;
    return { ...common, ...read, ...(read.body === undefined ? bodyOf(data) : {}) };
  }
  const answered = isAnswered(response) ? response : isAnswered(came) ? came : undefined;
  if (answered) {
    const { status, headers, data = answered.body } = answered;
    return { ...common, status, headers: headersOf(headers), ...bodyOf(data) };
  }
  return { ...common, failure: failureOf(catalog, came, registry) };
}

/** A body that a client has parsed already. */
function bodyOf(data: unknown): { body?: string | object } {
  if (data === undefined || data === null) return {};
  if (typeof data === "string" || data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return { body: data };
  // A stream of Node, or a Blob: not read yet, and not ours to read.
  if (isObject(data) && (typeof data["pipe"] === "function" || typeof data["stream"] === "function")) return {};
  const text = JSON.stringify(data);
  return text === undefined ? {} : { body: text };
}

/** Headers as texts; axios has numbers and nulls among them. */
function headersOf(headers: unknown): HeadersLike {
  if (!isObject(headers)) return [];
  const pairs = typeof headers[Symbol.iterator as never] === "function"
    ? [...(headers as unknown as Iterable<[string, unknown]>)]
    : Object.entries(headers);
  return pairs.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => typeof one === "string" || typeof one === "number")
      .map((one) => [name, String(one)] as const),
  );
}

async function ofResponse(response: Response, options: ResponseOptions): Promise<Evidence> {
  const read = { status: response.status, headers: [...response.headers] };
  const type = response.headers.get("content-type") ?? "";
  const wanted = options.readsBody?.(response) ?? !NO_TEXT.test(type);
  if (!wanted || response.bodyUsed || !response.body || response.status === 0) return read;
  try {
    return { ...read, body: await start(response.clone(), options.bodyLimit ?? BODY_LIMIT) };
  } catch (error) {
    // The answer broke off: the status is known, and so is that the rest isn't.
    return { ...read, failure: failureOf("transport", error, options.registry ?? builtIn) };
  }
}

/** The body, or so much of it that it shows to be longer than the limit. */
async function start(response: Response, limit: number): Promise<Uint8Array> {
  const reader = response.body!.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= limit) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  // The original is not disturbed by this: each branch of a stream is cancelled by itself.
  if (length > limit) void reader.cancel().catch(() => undefined);
  const bytes = new Uint8Array(Math.min(length, limit + 1));
  let at = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(0, bytes.length - at);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** How far causes are followed. */
const DEEPEST = 8;

/**
 * The name of a failure: of the codes and names along the causes of an error, the innermost that a catalog lists.
 * `fetch` of Node says `TypeError` and puts what happened into the cause; in a browser that is all there is.
 */
function failureOf(catalog: string, thrown: unknown, registry: Registry): string {
  const names: string[] = [];
  let error = thrown;
  for (let depth = 0; depth < DEEPEST && isObject(error); depth++) {
    // Inner ones come first, and of one error its code before its name.
    const own = [error["code"], error["name"]].filter((name) => typeof name === "string" && name !== "Error");
    names.unshift(...(own as string[]));
    error = error["cause"] ?? (Array.isArray(error["errors"]) ? error["errors"][0] : undefined);
  }
  const known = registry.catalog(catalog);
  const listed = names.find((name) => known.failure(name).match !== "unknown");
  return listed ?? names[0] ?? (typeof thrown === "string" ? thrown : "Error");
}
