// For axios: an adapter that retries by decision, around the one an instance has.
import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from "axios";
import { Attempts, notReplayable, type RetryOptions, SharedBudget } from "../attempts.js";

export { type DecisionEvent, type RetryOptions, SharedBudget, verdictOf } from "../attempts.js";
export { RetriageError } from "../errors.js";

/** How an instance of axios retries. */
export type AxiosOptions = RetryOptions<InternalAxiosRequestConfig>;

/**
 * Lets an instance of axios retry by decision, a failure that comes under a 200 too. It gives or throws what axios
 * would have the last time; `verdictOf` of the response or the error says what that was taken for. Returns the instance.
 *
 * ```js
 * const api = attach(axios.create({ baseURL, timeout: 10_000 }), "updox");
 * ```
 */
export function attach<Instance extends AxiosInstance>(
  instance: Instance,
  catalog: string,
  options: AxiosOptions = {},
): Instance {
  const budget = options.budget ?? new SharedBudget();
  const inner = axios.getAdapter(instance.defaults.adapter);
  // The adapter stands where the body is still the text that came, and where no interceptor is run twice.
  instance.defaults.adapter = async (config) => {
    const signal = signalOf(config);
    const attempts = new Attempts(catalog, options, budget, (config.method ?? "get").toUpperCase(), signal?.signal);
    try {
      for (;;) {
        let came: { response: Awaited<ReturnType<typeof inner>> } | { error: unknown };
        try {
          came = { response: await inner(config) };
        } catch (error) {
          if (signal?.signal.aborted) throw error;
          came = { error };
        }
        const what = "response" in came ? came.response : came.error;
        if (!(await attempts.goesOn(config, what))) {
          if ("error" in came) throw came.error;
          return came.response;
        }
        if (isOnce(config.data)) throw notReplayable(what);
      }
    } catch (error) {
      // What axios throws where somebody gave up, be it between two attempts.
      if (signal?.signal.aborted && !axios.isCancel(error)) throw new axios.CanceledError(undefined, config);
      throw error;
    } finally {
      signal?.release();
    }
  };
  return instance;
}

/** What says that the caller gave up: the signal of a request, or its token of old. */
function signalOf(config: InternalAxiosRequestConfig): { signal: AbortSignal; release: () => void } | undefined {
  if (!config.signal && !config.cancelToken) return undefined;
  const controller = new AbortController();
  const stop = () => controller.abort(new axios.CanceledError(undefined, config));
  if (config.signal?.aborted) stop();
  config.signal?.addEventListener?.("abort", stop);
  void config.cancelToken?.promise.then(stop);
  return { signal: controller.signal, release: () => config.signal?.removeEventListener?.("abort", stop) };
}

/** Whether a body can be read only once. */
function isOnce(body: unknown): boolean {
  return typeof body === "object" && body !== null && typeof (body as { pipe?: unknown }).pipe === "function";
}
