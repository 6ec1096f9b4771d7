// For ky: its options, with a `fetch` that retries by decision in the place of ky's own retries.
import { createFetch, type FetchOptions } from "./fetch.js";

export { type DecisionEvent, type FetchOptions, RetriageError, SharedBudget, verdictOf } from "./fetch.js";

/** The options of ky that this sets. */
export interface KyOptions {
  /** Sends the request, as often as is right. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** None of ky's own. */
  readonly retry: 0;
  /** ky's would cover all attempts together; `timeoutMs` is of one, `deadlineMs` of all. */
  readonly timeout: false;
}

/**
 * Options for `ky.create` or `ky.extend`: requests are retried by decision, a failure that comes under a 200 too.
 *
 * ```js
 * const api = ky.extend(retrying("updox", { timeoutMs: 10_000 }));
 * ```
 */
export function retrying(catalog: string, options: FetchOptions = {}): KyOptions {
  return { fetch: createFetch(catalog, options) as KyOptions["fetch"], retry: 0, timeout: false };
}
