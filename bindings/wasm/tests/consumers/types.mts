// What a consumer in TypeScript relies on; compiled, never run.
import { type Category, classify, type Decision, type Retry, RetriageError, type Verdict, type WireQuestion } from "retriage";
import { createFetch, type DecisionEvent } from "retriage/fetch";
import { http, lookup } from "retriage/codes";
import { category } from "retriage/words";
import { load } from "retriage/slim";
import { attach } from "retriage/axios";
import { retrying } from "retriage/ky";
import "retriage/locales/es";
import axios from "axios";
import ky from "ky";

const verdict: Verdict = classify("redox", { status: 401, headers: new Headers(), body: new Uint8Array(2) });
const found: Category = verdict.category;
const meaning: string = category[found];
const decision: Decision = verdict.decide({ attempt: 1, method: "GET", now: new Date() });
const delay: number | null = decision.delayMs;
// @ts-expect-error A word that isn't in the set.
const wrong: Retry = "maybe";
// @ts-expect-error Verdicts are frozen.
verdict.category = "success";
// @ts-expect-error The wire form's names are not JavaScript's.
classify("http", { body_base64: "" });
// @ts-expect-error A comparison that is never true.
if (decision.action === "repeat") delay;
const question: WireQuestion = { catalog: "http", body_base64: "" };
// @ts-expect-error No such catalog.
lookup("nobody", 404);
const send: typeof fetch = createFetch("http", { onDecision: (event: DecisionEvent) => event.decision.reason });
const api = ky.extend(retrying("updox"));
const client = attach(axios.create(), "updox");
const kind: string = new RetriageError("bad_value", "").kind;
export { api, client, delay, http, kind, load, meaning, question, send, wrong };
