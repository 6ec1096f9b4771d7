// The attempts that follow, one row each, if every one ends like the first.
import { h, s, span } from "./dom.js";

/** How many attempts are drawn at the most. */
const MOST = 12;

/** The attempts from the first on, each with what is decided after it. */
export function simulate(verdict, request) {
  const attempts = [];
  let state = {};
  let budget;
  let elapsedMs = 0;
  for (let number = 1; number <= MOST; number++) {
    const asked = { ...request, attempt: number, elapsedMs, state, budget };
    const decision = verdict.decide(asked);
    const least = verdict.decide({ ...asked, random: 0 });
    const most = verdict.decide({ ...asked, random: 0.999_999 });
    attempts.push({ number, at: elapsedMs, decision, least: least.delayMs ?? 0, most: most.delayMs ?? 0 });
    if (decision.action !== "retry") break;
    elapsedMs += decision.delayMs;
    state = decision.state;
    budget = decision.budget ?? undefined;
  }
  return attempts;
}

/** As wide as it is shown, so that its letters are as large as the page's. */
const widest = () => Math.min(640, Math.max(280, innerWidth - 70));
const ROW = 30;
const LEFT = 78;
const RIGHT = 84;
const TOP = 8;

/** A step of the axis that a person would choose. */
function step(length, most) {
  const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000];
  return sizes.find((size) => length / size <= most) ?? Math.ceil(length / most / 86_400_000) * 86_400_000;
}

/** The picture. `current` is the attempt that the decision beside it is about. */
export function draw(attempts, current) {
  const last = attempts.at(-1);
  const length = Math.max(...attempts.map(({ at, most, decision }) => at + Math.max(most, decision.delayMs ?? 0)), 1);
  const width = widest();
  const x = (ms) => LEFT + (ms / length) * (width - LEFT - RIGHT);
  const height = TOP + attempts.length * ROW + 24;
  const every = step(length, width / 100);
  const ticks = Array.from({ length: Math.floor(length / every) + 1 }, (_, at) => at * every);
  const bottom = TOP + attempts.length * ROW;
  const told = attempts.map(({ number, at, decision }) => `attempt ${number} at ${span(at)}: ${does(decision)}`).join("; ");
  const picture = s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Timeline: ${told}`, class: "timeline", direction: "ltr" },
    ticks.map((ms) =>
      s(
        "g",
        { class: "tick" },
        s("line", { x1: x(ms), x2: x(ms), y1: TOP, y2: bottom }),
        s("text", { x: x(ms), y: bottom + 16, "text-anchor": "middle" }, span(ms)),
      ),
    ),
    attempts.map(({ number, at, decision, least, most }, row) => {
      const y = TOP + row * ROW + ROW / 2;
      const waits = decision.action === "retry";
      const end = x(at + (decision.delayMs ?? 0));
      return s(
        "g",
        { class: number === current ? "row current" : "row" },
        s("text", { x: LEFT - 12, y: y + 4, "text-anchor": "end" }, `attempt ${number}`),
        waits && s("rect", { class: "range", x: x(at + least), y: y - 8, width: Math.max(x(at + most) - x(at + least), 0), height: 16, rx: 3 }),
        waits && s("line", { class: "wait", x1: x(at), x2: end, y1: y, y2: y }),
        s("circle", { class: waits ? "dot" : `dot end ${decision.action}`, cx: x(at), cy: y, r: 6 }),
        s("text", { class: "label", x: Math.max(end, x(at + most), x(at)) + 11, y: y + 4 }, waits ? span(decision.delayMs) : decision.action),
      );
    }),
  );
  const total = last.at;
  if (attempts.length === 1) return h("p", {}, "There is no other attempt.");
  const ends = last.decision.action === "retry" ? `still going after ${MOST} attempts` : `${last.decision.action} (${last.decision.reason})`;
  return h("figure", {}, picture, h("figcaption", {}, `${attempts.length === 1 ? "One attempt" : `${attempts.length} attempts`} in ${span(total)}, then ${ends}. The pale bars are how far chance can move a wait.`));
}

/** A decision in a few words. */
export function does(decision) {
  return decision.action === "retry" ? `retry after ${span(decision.delayMs)}` : decision.action;
}
