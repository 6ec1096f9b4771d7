// One request and its attempts, for the clients of retriage/fetch, retriage/ky and retriage/axios.
import { RetriageError } from "./errors.js";
import { type Attempt, builtIn, type Decision, type Profile, type Registry, type Verdict } from "./registry.js";
import { evidenceOf, type ResponseOptions } from "./response.js";
import type { Budget } from "./types.js";
import type { Verified } from "./words.js";

/** What is left for a destination. Clients that share one share the budget. */
export class SharedBudget {
  /** What the last decision left; undefined for a full one. */
  value: Budget | undefined;
}

/** A decision about an attempt, told as it is made. */
export interface DecisionEvent {
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  readonly verdict: Verdict;
  readonly decision: Decision;
  /** How long ago the request began, in milliseconds. */
  readonly elapsedMs: number;
}

/** How a client retries. */
export interface RetryOptions<Request> extends Omit<ResponseOptions, "now" | "controlId"> {
  readonly registry?: Registry;
  /** By default `standard`. */
  readonly profile?: Profile;
  /** Whether repeating is safe, by an idempotency key or otherwise; by default the method says so. */
  readonly idempotent?: boolean | ((request: Request) => boolean | undefined);
  readonly environment?: Attempt["environment"];
  /** How long the request may take with all its attempts and waits, in milliseconds. */
  readonly deadlineMs?: number;
  /** The budget of the destination; by default each client has one of its own. */
  readonly budget?: SharedBudget;
  /** Called with every decision, before it is acted on. */
  readonly onDecision?: (event: DecisionEvent) => void;
  /** Gets fresh credentials and puts them where the next attempt finds them; false if there are none. */
  readonly reauthenticate?: (request: Request, verdict: Verdict) => Promise<boolean> | boolean;
  /** Finds out whether the request took effect. */
  readonly verify?: (request: Request, verdict: Verdict, decision: Decision) => Promise<Verified> | Verified;
}

const verdicts = new WeakMap<object, Verdict>();

/** What a response, or an error that was thrown, was taken for. */
export function verdictOf(came: unknown): Verdict | undefined {
  return typeof came === "object" && came !== null ? verdicts.get(came) : undefined;
}

/** One request. */
export class Attempts<Request> {
  readonly #catalog: string;
  readonly #options: RetryOptions<Request>;
  readonly #budget: SharedBudget;
  readonly #method: string;
  readonly #signal: AbortSignal | null | undefined;
  readonly #began = performance.now();
  #number = 1;
  #state: Decision["state"] | undefined;

  constructor(
    catalog: string,
    options: RetryOptions<Request>,
    budget: SharedBudget,
    method: string,
    signal: AbortSignal | null | undefined,
  ) {
    this.#catalog = catalog;
    this.#options = options;
    this.#budget = budget;
    this.#method = method;
    this.#signal = signal;
  }

  /** Takes what came back. When this is done waiting, says whether to send the request again. */
  async goesOn(request: Request, came: unknown): Promise<boolean> {
    const { registry = builtIn, mode, bodyLimit, details, locale, readsBody } = this.#options;
    // Only what is set: `undefined` would stand for what the core has no default for.
    const read = defined({ registry, mode, bodyLimit, details, locale, readsBody }) as ResponseOptions;
    const verdict = registry.classify(this.#catalog, await evidenceOf(this.#catalog, came, read));
    if (typeof came === "object" && came !== null) verdicts.set(came, verdict);
    let decision = this.#decide(request, verdict);
    if (decision.action === "verify" && this.#options.verify) {
      const verified = await this.#options.verify(request, verdict, decision);
      decision = this.#decide(request, verdict, verified);
    }
    switch (decision.action) {
      case "retry":
        await sleep(decision.delayMs ?? 0, this.#signal);
        break;
      case "reauthenticate":
        if (!(await this.#options.reauthenticate?.(request, verdict))) return false;
        break;
      default:
        return false;
    }
    this.#signal?.throwIfAborted();
    this.#number++;
    return true;
  }

  #decide(request: Request, verdict: Verdict, verified?: Verified): Decision {
    const { profile, idempotent, environment, deadlineMs, onDecision } = this.#options;
    const elapsedMs = Math.floor(performance.now() - this.#began);
    const attempt = defined({
      profile: deadlineMs === undefined ? (profile ?? "standard") : withDeadline(profile, deadlineMs),
      idempotent: typeof idempotent === "function" ? idempotent(request) : idempotent,
      environment,
      verified,
      method: this.#method,
      attempt: this.#number,
      elapsedMs,
      state: this.#state,
      budget: this.#budget.value,
    }) as Attempt;
    const decision = verdict.decide(attempt);
    this.#state = decision.state;
    this.#budget.value = decision.budget ?? undefined;
    onDecision?.({ attempt: this.#number, verdict, decision, elapsedMs });
    return decision;
  }
}

function withDeadline(profile: Profile | undefined, deadlineMs: number): Profile {
  const own = typeof profile === "object" ? profile : { extends: profile ?? "standard" };
  return { ...own, deadline_ms: deadlineMs };
}

function defined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** The longest time a timer takes: more comes out as none at all. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Waits; throws the signal's reason as soon as it is aborted. */
export async function sleep(ms: number, signal?: AbortSignal | null): Promise<void> {
  for (let left = ms; left > 0; left -= LONGEST_TIMER) {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal!.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, Math.min(left, LONGEST_TIMER));
      signal?.addEventListener("abort", stop, { once: true });
    });
  }
}

/** That a request would be sent again, and can't be. */
export function notReplayable(cause: unknown): RetriageError {
  const message =
    "the request should be sent again, and its body is a stream that has been read; give a text, bytes, a Blob, " +
    "FormData or URLSearchParams, or `idempotent: false`. What came back is the `cause`";
  return new RetriageError("not_replayable", message, "/body", [], { cause });
}
