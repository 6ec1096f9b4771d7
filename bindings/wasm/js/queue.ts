// The queue of one subscription.
import { builtIn, type Evidence, type Profile, profiles, type Registry } from "./registry.js";
import type { Act, Queue as QueueState, Question, WireQueue } from "./types.js";
import { fromWire, toWire } from "./wire.js";
import type { Environment, EventKind, Mode } from "./words.js";

export type { Act };

/** Something that happened to a queue. `now` and `random` come from the platform unless they are given. */
export interface QueueEvent extends Pick<Evidence, "status" | "code" | "failure" | "headers" | "body" | "controlId"> {
  readonly event: EventKind;
  /** The message it happened to. */
  readonly id?: string;
  /** Which attempt, as `send` numbered it. */
  readonly attempt?: number;
  readonly now?: number | string | Date;
  /** How far the zone of the profile's alert hours is ahead of UTC; by default it is looked up. */
  readonly offsetMinutes?: number;
  readonly random?: number;
}

/** The rules of a queue. */
export interface QueueOptions extends Pick<Question, "capacity"> {
  readonly catalog: string;
  readonly profile?: Profile;
  readonly environment?: Environment;
  readonly mode?: Mode;
  readonly registry?: Registry;
}

/**
 * The queue of one subscription as a state machine: events in, actions out. It holds ids and never a payload, sends
 * nothing and starts no timer; its owner does what the actions say, in their order. `JSON.stringify(queue)` is its
 * whole state, from which another goes on.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #zone: string | undefined;
  #state: WireQueue;

  /** A queue in which nothing has happened, or one that was kept. */
  constructor(options: QueueOptions, kept?: WireQueue) {
    this.#options = options;
    this.#zone = zoneOf(options.profile);
    this.#state = kept ?? { waiting: [], phase: "idle", alert: "none" };
    // What is wrong with the rules or the queue is told now.
    this.#deliver([]);
  }

  /** What happened, and what to do about it. An event that is refused changes nothing. */
  step(event: QueueEvent): readonly Act[] {
    const given = { now: Date.now(), random: Math.random(), ...event };
    const asked = toWire(given) as Record<string, unknown>;
    if (this.#zone !== undefined) asked["offset_minutes"] ??= offsetOf(this.#zone, new Date(given.now));
    return this.#deliver([asked])[0] ?? [];
  }

  /** Its state. */
  get state(): QueueState {
    return fromWire(this.#state) as unknown as QueueState;
  }

  /** The messages that are left, the first one in front. */
  get waiting(): readonly string[] {
    return [...this.#state.waiting];
  }

  /** The wire form, to keep. */
  toJSON(): WireQueue {
    return structuredClone(this.#state);
  }

  #deliver(events: readonly Record<string, unknown>[]): readonly (readonly Act[])[] {
    const { catalog, profile, environment, mode, capacity, registry = builtIn } = this.#options;
    const question = { ask: "deliver", catalog, profile, environment, mode, capacity, queue: this.#state, events };
    const { steps, queue } = registry.ask(question).delivery!;
    this.#state = queue;
    return fromWire(steps) as unknown as readonly (readonly Act[])[];
  }
}

/** The time zone of a profile's alert hours, if it has any. */
function zoneOf(profile: Profile | undefined): string | undefined {
  const own = typeof profile === "object" ? profile : undefined;
  if (own && "alert" in own) return (own["alert"] as { zone?: string } | null)?.zone;
  const id = own ? own["extends"] : profile;
  const found = id === undefined ? undefined : profiles().find((known) => known.id === id);
  return (found?.["alert"] as { zone?: string } | null | undefined)?.zone;
}

/** How far a time zone is ahead of UTC at a time, in minutes. */
function offsetOf(zone: string, time: Date): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const there = Date.UTC(part["year"]!, part["month"]! - 1, part["day"], part["hour"], part["minute"], part["second"]);
  return Math.round((there - time.getTime()) / 60_000);
}
