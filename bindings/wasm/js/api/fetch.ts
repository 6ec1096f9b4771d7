// A `fetch` that retries by decision.
import { Attempts, notReplayable, type RetryOptions, SharedBudget } from "../attempts.js";

export { type DecisionEvent, type RetryOptions, SharedBudget, verdictOf } from "../attempts.js";
export { RetriageError } from "../errors.js";

/** How `createFetch` retries. */
export interface FetchOptions extends RetryOptions<Request> {
  /** What sends one attempt; by default the platform's own. */
  readonly fetch?: typeof globalThis.fetch;
  /** How long one attempt may take until its headers are there, in milliseconds. */
  readonly timeoutMs?: number;
  /**
   * Gets fresh credentials: headers for the following attempts, or nothing where there are none. Called once a
   * request.
   */
  readonly credentials?: (request: Request) => Promise<HeadersInit | undefined> | HeadersInit | undefined;
}

/**
 * A `fetch` that takes an answer for what a catalog says it is, and sends the request again where that is right:
 * the decision's wait, a budget, a deadline, and only what may be repeated. It gives what `fetch` would have given the
 * last time; `verdictOf` says what that was taken for.
 */
export function createFetch(catalog: string, options: FetchOptions = {}): typeof globalThis.fetch {
  const budget = options.budget ?? new SharedBudget();
  return async (input, init) => {
    const send = options.fetch ?? globalThis.fetch;
    let request = new Request(input, init);
    const isStream = isOnce(init?.body);
    let fresh: HeadersInit | undefined;
    const reauthenticate = options.credentials
      ? async (asked: Request) => {
          fresh = await options.credentials!(asked);
          return fresh !== undefined;
        }
      : options.reauthenticate;
    const retry: RetryOptions<Request> = reauthenticate ? { ...options, reauthenticate } : options;
    const attempts = new Attempts(catalog, retry, budget, request.method, request.signal);
    for (;;) {
      // The copy is kept for the next attempt; a stream is not copied, which would hold all of it in memory.
      const next = isStream ? undefined : request.body ? request.clone() : request;
      let came: { response: Response } | { error: unknown };
      try {
        came = { response: await within(options.timeoutMs, request, send) };
      } catch (error) {
        // That the caller gave up is no failure.
        request.signal.throwIfAborted();
        came = { error };
      }
      const what = "response" in came ? came.response : came.error;
      if (await attempts.goesOn(request, what)) {
        if ("response" in came) void came.response.body?.cancel().catch(() => undefined);
        if (!next) throw notReplayable(what);
        request = next;
        if (fresh !== undefined) {
          const headers = new Headers(request.headers);
          new Headers(fresh).forEach((value, name) => headers.set(name, value));
          request = new Request(request, { headers });
          fresh = undefined;
        }
        continue;
      }
      if (next !== request) void next?.body?.cancel().catch(() => undefined);
      if ("error" in came) throw came.error;
      return came.response;
    }
  };
}

/** Whether a body can be read only once. */
function isOnce(body: unknown): boolean {
  if (typeof body !== "object" || body === null) return false;
  const iterates = typeof (body as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function";
  return iterates || (typeof ReadableStream !== "undefined" && body instanceof ReadableStream);
}

/** Sends one attempt, which may take so long. */
async function within(timeoutMs: number | undefined, request: Request, send: typeof fetch): Promise<Response> {
  if (timeoutMs === undefined) return send(request);
  const controller = new AbortController();
  const stop = () => controller.abort(request.signal.reason);
  request.signal.addEventListener("abort", stop, { once: true });
  if (request.signal.aborted) stop();
  const why = () => controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, "TimeoutError"));
  const timer = setTimeout(why, timeoutMs);
  try {
    return await send(request, { signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}
