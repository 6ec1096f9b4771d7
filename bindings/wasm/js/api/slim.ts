export * from "./api.js";

import { provide } from "../instance.js";

/**
 * Loads the module: from its URL, a `Response` or its bytes, or compiled. Needed once, before anything else is called.
 * The file is `retriage/retriage.wasm`.
 */
export async function load(
  module: string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module,
): Promise<void> {
  let given = await module;
  if (typeof given === "string" || given instanceof URL) given = await fetch(given);
  if (typeof Response !== "undefined" && given instanceof Response) {
    if (!given.ok) throw new TypeError(`${given.url}: the server answered ${given.status}`);
    given = await given.arrayBuffer();
  }
  const compiled = given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given as BufferSource);
  provide(() => compiled);
}
