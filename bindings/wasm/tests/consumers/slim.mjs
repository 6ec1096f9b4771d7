// The module loaded by oneself: from its bytes here, from its URL in a page.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as retriage from "retriage/slim";
import { check } from "./check.mjs";

let before;
try {
  retriage.classify("http", 404);
} catch (error) {
  before = error.kind;
}
if (before !== "not_loaded") throw new Error(`before load it is ${before}`);
const require = createRequire(import.meta.url);
await retriage.load(await readFile(require.resolve("retriage/retriage.wasm")));
console.log(JSON.stringify(await check(retriage)));
