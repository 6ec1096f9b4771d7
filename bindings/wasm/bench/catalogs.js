// What each catalog adds to the module: the module without it, beside the whole one. Long, as it is compiled ten times.
// `npm run catalogs`, after `cargo xtask pack-npm --out target/npm`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { binding, work } from "../tests/lib.js";

const manifest = readFileSync(join(binding, "Cargo.toml"), "utf8");
const all = [...manifest.matchAll(/^catalog-([\w-]+) =/gm)].map(([, id]) => id);
// A folder of its own: the package is made in the other.
const target = join(work, "catalogs");
const folder = mkdtempSync(join(tmpdir(), "retriage-catalogs-"));

/** The size of the module with these catalogs: raw, and as it is sent. */
function size(catalogs) {
  const features = ["--no-default-features", "--features", catalogs.map((id) => `catalog-${id}`).join(",")];
  const cargo = ["build", "--quiet", "--package", "retriage-wasm", "--profile", "wasm", "--target", "wasm32-unknown-unknown"];
  execFileSync("cargo", [...cargo, "--target-dir", target, ...features], { cwd: binding, stdio: "inherit" });
  const built = join(target, "wasm32-unknown-unknown/wasm/retriage_wasm.wasm");
  const out = join(folder, "module.wasm");
  const optimizer = join(binding, "node_modules/.bin/wasm-opt");
  execFileSync(optimizer, ["-Oz", "--all-features", "--strip-debug", "--strip-producers", built, "-o", out]);
  const bytes = readFileSync(out);
  return [bytes.length, brotliCompressSync(bytes).length];
}

const whole = size(all);
const none = size([]);
console.log("| catalog | raw, bytes | brotli, bytes |\n|---|---:|---:|");
console.log(`| the rest: \`http\`, \`transport\`, profiles, code | ${none[0]} | ${none[1]} |`);
for (const id of all) {
  const without = size(all.filter((other) => other !== id));
  console.log(`| \`${id}\` | ${whole[0] - without[0]} | ${whole[1] - without[1]} |`);
}
console.log(`| all | ${whole[0]} | ${whole[1]} |`);
rmSync(folder, { recursive: true });
