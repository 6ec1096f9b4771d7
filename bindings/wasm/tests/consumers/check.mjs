// What every consumer does with the package. The result is compared by the test that runs it.
export async function check(retriage) {
  const { advise, answer, classify, classifyResponse, loadLocale, lookup, Queue, Registry, RetriageError } = retriage;
  const verdict = classify("redox", { status: 401, body: "Invalid source secret" });
  const response = new Response('{"responseCode":4651}', { status: 200, headers: { "retry-after": "7" } });
  const read = await classifyResponse("updox", response);
  const failed = new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNRESET" }) });
  const lost = await classifyResponse("http", failed);
  await loadLocale("es");
  const spanish = classify("http", { status: 404, locale: ["es-MX", "en"] });
  const own = new Registry([
    {
      name: "acme.json",
      text: {
        id: "acme",
        name: "Acme",
        as_of: "2026-11-21",
        extends: "http",
        sources: { doc: { title: "Errors", publisher: "Acme", date: "2026-11-21" } },
        entries: [
          {
            status: 599,
            title: "Warehouse closed",
            category: "unavailable",
            fault: "destination",
            retry: "backoff",
            processed: "no",
            remedy: "Wait for the next shift.",
            source: "doc#Errors",
          },
        ],
      },
    },
  ]);
  const queue = new Queue({ catalog: "redox", profile: "redox-delivery" });
  queue.step({ event: "enqueued", id: "a" });
  let refused;
  try {
    classify("http", { status: 99999 });
  } catch (error) {
    refused = error instanceof RetriageError && [error.name, error.kind, error.at];
  }
  return {
    entry: verdict.entry,
    frozen: Object.isFrozen(verdict) && Object.isFrozen(verdict.messages) && Object.isFrozen(verdict.because[0]),
    same: lookup("updox", 4651) === lookup("updox", 4651),
    read: [read.entry, read.match, await response.text()],
    lost: [lost.entry, lost.decide({ method: "POST" }).action, lost.decide({ method: "GET" }).action],
    spanish: spanish.messages.locale,
    own: own.classify("acme", { status: 599 }).entry,
    queue: queue.waiting,
    advice: advise("redox", { intent: "down" }).advised.status,
    wire: answer({ catalog: "updox", status: 200 }).classification.retry,
    refused,
  };
}
