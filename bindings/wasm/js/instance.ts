// The one instance of the module, made when it is first needed.
import { RetriageError } from "./errors.js";
import { Core, initSync, profiles } from "./wasm/retriage.js";

type Module = BufferSource | WebAssembly.Module;

let source: (() => Module) | undefined;
let started = false;

/** Says where the module comes from, unless that is known. */
export function provide(given: () => Module): void {
  source ??= given;
}

/** Makes the instance, if there is none. */
function start(): void {
  if (started) return;
  if (!source) {
    throw new RetriageError("not_loaded", "the WebAssembly isn't there yet: await load(...) of retriage/slim first");
  }
  const given = source();
  initSync({ module: given instanceof WebAssembly.Module ? given : new WebAssembly.Module(given) });
  started = true;
}

/** The built-in catalogs, in English. */
export function newCore(): Core {
  start();
  return new Core();
}

/** The built-in profiles, as JSON. */
export function profilesJson(): string {
  start();
  return profiles();
}

/** Bytes from a text that has one character for each. */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
