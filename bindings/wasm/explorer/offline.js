// Keeps what the page has fetched, for when there is no network. What the network has comes first.
const CACHE = "retriage";

async function answer(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

// What was fetched before this was here is fetched again, once.
async function keepAll() {
  const cache = await caches.open(CACHE);
  const files = await (await fetch("files.json")).json();
  await cache.addAll(files);
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keepAll());
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});
