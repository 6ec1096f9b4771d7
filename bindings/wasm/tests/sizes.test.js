// How large it is, beside the ceilings in sizes.json. `node tests/sizes.test.js --write` lowers them to what is.
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { binding, consumers, installed, load } from "./lib.js";

const FILE = join(binding, "sizes.json");
const README = join(binding, "README.md");

/** A size may pass its ceiling by so much: compilers differ by a little from one machine to another. */
const SLACK = 1.02;

function sizes(bytes) {
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
}

/** What a bundler makes of a program: all that is there before its first line runs. */
async function bundle(code) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: consumers },
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    outdir: consumers,
    absWorkingDir: consumers,
    external: ["axios"],
    metafile: true,
    write: false,
  });
  const wanted = ["stdin.js"];
  for (const name of wanted) {
    for (const { path, kind } of metafile.outputs[name].imports) {
      // What is loaded later is no part of it.
      if (kind === "import-statement" && !wanted.includes(path)) wanted.push(path);
    }
  }
  const parts = outputFiles.filter(({ path }) => wanted.includes(relative(consumers, path)));
  return sizes(Buffer.concat(parts.map(({ contents }) => contents)));
}

async function measure() {
  const found = {};
  found["the whole package, bundled"] = await bundle('export * from "retriage";');
  found["classify alone, bundled"] = await bundle('export { classify } from "retriage";');
  found["slim, bundled"] = await bundle('export * from "retriage/slim";');
  found["retriage.wasm, beside slim"] = sizes(readFileSync(join(installed, "retriage.wasm")));
  found["slim/fetch, bundled"] = await bundle('export * from "retriage/slim/fetch";');
  found["codes: http"] = await bundle('export { http } from "retriage/codes";');
  found["codes: every catalog"] = await bundle('export * from "retriage/codes";');
  const base = found["codes: http"];
  const codes = await load("esm/codes/index.js");
  const catalogs = Object.keys(codes).filter((name) => typeof codes[name] === "object" && name !== "http");
  for (const name of catalogs) {
    const both = await bundle(`export { http, ${name} } from "retriage/codes";`);
    const added = Object.entries(both).map(([unit, bytes]) => [unit, bytes - base[unit]]);
    found[`codes: ${name}, beside http`] = Object.fromEntries(added);
  }
  const { LOCALES } = await load();
  for (const tag of LOCALES) {
    found[`locales/${tag}`] = sizes(readFileSync(join(installed, `esm/locales/${tag}.js`)));
  }
  return found;
}

/** The table of the README. */
function table(found) {
  const rows = Object.entries(found).map(([name, { raw, gzip, brotli }]) => `| ${name} | ${raw} | ${gzip} | ${brotli} |`);
  return ["| what | minified | gzip | brotli |", "|---|---:|---:|---:|", ...rows].join("\n");
}

if (process.argv.includes("--write")) {
  const found = await measure();
  let old = {};
  try {
    old = JSON.parse(readFileSync(FILE, "utf8"));
  } catch {
    // There is none yet.
  }
  for (const [name, units] of Object.entries(found)) {
    for (const [unit, bytes] of Object.entries(units)) units[unit] = Math.min(bytes, old[name]?.[unit] ?? Infinity);
  }
  writeFileSync(FILE, `${JSON.stringify(found, null, 2)}\n`);
  const readme = readFileSync(README, "utf8");
  const place = /(<!-- sizes -->\n)[^]*(<!-- \/sizes -->)/;
  writeFileSync(README, readme.replace(place, (_, begin, end) => `${begin}${table(found)}\n${end}`));
} else {
  test("nothing is larger than sizes.json says", async (context) => {
    const ceilings = JSON.parse(readFileSync(FILE, "utf8"));
    const found = await measure();
    assert.deepEqual(Object.keys(found), Object.keys(ceilings), "what is measured has changed: npm run sizes");
    const over = [];
    for (const [name, units] of Object.entries(found)) {
      context.diagnostic(`${name}: ${Object.entries(units).map(([unit, bytes]) => `${bytes} ${unit}`).join(", ")}`);
      for (const [unit, bytes] of Object.entries(units)) {
        const ceiling = ceilings[name][unit];
        if (bytes > ceiling * SLACK + 16) over.push(`${name}: ${bytes} bytes ${unit}, over ${ceiling}`);
      }
    }
    assert.deepEqual(over, []);
  });

  test("the README shows what sizes.json says", () => {
    const shown = readFileSync(README, "utf8");
    assert.ok(shown.includes(`<!-- sizes -->\n${table(JSON.parse(readFileSync(FILE, "utf8")))}\n<!-- /sizes -->`));
  });

  test("a program that looks codes up carries no WebAssembly, and one that doesn't load a language none", async () => {
    const { outputFiles } = await build({
      stdin: { contents: 'import { lookup } from "retriage/codes"; console.log(lookup("http", 404));', resolveDir: consumers },
      bundle: true,
      write: false,
    });
    assert.doesNotMatch(outputFiles[0].text, /WebAssembly|\\0asm/);
    assert.ok(statSync(join(installed, "retriage.wasm")).size > 0);
  });
}
