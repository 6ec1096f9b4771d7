// Programs that have installed the tarball: Node, types, bundlers, a page, a worker, workerd.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import nodeResolve from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { Miniflare } from "miniflare";
import { rollup } from "rollup";
import { build as viteBuild } from "vite";
import webpack from "webpack";
import { expected } from "./expected.js";
import { binding, consumers, launch, serveFiles } from "./lib.js";

const run = promisify(execFile);
let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serveFiles({ consumers });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function node(file) {
  const { stdout } = await run(process.execPath, [join(consumers, file)]);
  return JSON.parse(stdout);
}

for (const file of ["esm.mjs", "cjs.cjs", "slim.mjs"]) {
  test(`Node: ${file}`, async () => {
    assert.deepEqual(await node(file), expected);
  });
}

test("Node: require and import share everything", async () => {
  const shared = await node("both.mjs");
  assert.ok(shared.length > 5 && shared.every(Boolean), JSON.stringify(shared));
});

test("TypeScript: modules and CommonJS", async () => {
  const config = join(consumers, "tsconfig.json");
  const compilerOptions = {
    target: "es2022",
    lib: ["es2024", "dom", "dom.iterable"],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
    skipLibCheck: false,
  };
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ["types.mts", "types.cts"] }));
  await run(join(binding, "node_modules/.bin/tsc"), ["-p", config]).catch((error) => assert.fail(error.stdout));
});

/** What a page comes to; it must say nothing on its console. */
async function page(url) {
  const context = await browser.newContext({ locale: "en-US" });
  const tab = await context.newPage();
  const complaints = [];
  tab.on("console", (message) => complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(String(error)));
  await tab.goto(url);
  const ready = tab.waitForFunction(() => "result" in globalThis, undefined, { timeout: 20_000 });
  await ready.catch((error) => assert.fail([error.message, ...complaints].join("\n")));
  const result = await tab.evaluate(() => globalThis.result);
  await context.close();
  assert.deepEqual(complaints, []);
  return result;
}

const bundled = { ...expected, code: "Not Found" };

/** Writes a page around a script and looks at what it comes to. */
async function bundlePage(folder, script) {
  const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;
  writeFileSync(join(consumers, folder, "index.html"), html);
  return page(`${server.url}/consumers/${folder}/index.html`);
}

test("Vite", async () => {
  await viteBuild({
    root: consumers,
    configFile: false,
    logLevel: "error",
    base: "./",
    build: { outDir: "vite", rollupOptions: { input: join(consumers, "browser.mjs"), output: { entryFileNames: "main.js" } } },
  });
  assert.deepEqual(await bundlePage("vite", "main.js"), bundled);
});

test("webpack", async () => {
  const stats = await promisify(webpack)({
    mode: "production",
    context: consumers,
    entry: "./browser.mjs",
    performance: false,
    output: { path: join(consumers, "webpack"), filename: "main.js", publicPath: "auto" },
  });
  assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
  assert.deepEqual(await bundlePage("webpack", "main.js"), bundled);
});

test("esbuild", async () => {
  const { warnings } = await esbuild.build({
    entryPoints: [join(consumers, "browser.mjs")],
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    outdir: join(consumers, "esbuild"),
  });
  assert.deepEqual(warnings, []);
  assert.deepEqual(await bundlePage("esbuild", "browser.js"), bundled);
});

test("Rollup", async () => {
  const warnings = [];
  const bundle = await rollup({
    input: join(consumers, "browser.mjs"),
    plugins: [nodeResolve({ browser: true })],
    onwarn: (warning) => warnings.push(warning.message),
  });
  await bundle.write({ dir: join(consumers, "rollup"), format: "es", entryFileNames: "main.js" });
  assert.deepEqual(warnings, []);
  assert.deepEqual(await bundlePage("rollup", "main.js"), bundled);
});

test("a page without a bundler", async () => {
  writeFileSync(
    join(consumers, "script.html"),
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
     <script type="module">
       import * as retriage from "./node_modules/retriage/esm/index.js";
       import { check } from "./check.mjs";
       globalThis.result = check(retriage);
     </script>`,
  );
  assert.deepEqual(await page(`${server.url}/consumers/script.html`), expected);
});

test("a worker in a page", async () => {
  writeFileSync(
    join(consumers, "worker.mjs"),
    `import * as retriage from "./node_modules/retriage/esm/index.js";
     import { check } from "./check.mjs";
     postMessage(await check(retriage));`,
  );
  writeFileSync(
    join(consumers, "worker.html"),
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
     <script type="module">
       const worker = new Worker("./worker.mjs", { type: "module" });
       worker.onmessage = ({ data }) => { globalThis.result = data; };
       worker.onerror = ({ message }) => { globalThis.result = message; };
     </script>`,
  );
  assert.deepEqual(await page(`${server.url}/consumers/worker.html`), expected);
});

test("slim in a page: the module is a file of its own", async () => {
  writeFileSync(
    join(consumers, "slim.html"),
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
     <script type="module">
       import * as retriage from "./node_modules/retriage/esm/api/slim.js";
       import { check } from "./check.mjs";
       await retriage.load("./node_modules/retriage/retriage.wasm");
       globalThis.result = check(retriage);
     </script>`,
  );
  assert.deepEqual(await page(`${server.url}/consumers/slim.html`), expected);
});

test("workerd imports the module and compiles nothing", async () => {
  const bundle = await esbuild.build({
    entryPoints: [join(consumers, "workerd.mjs")],
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    // As wrangler does: the module stays a file, and is imported.
    loader: { ".wasm": "copy" },
    outdir: consumers,
    write: false,
  });
  const modules = bundle.outputFiles.map(({ path, contents }) => {
    const type = path.endsWith(".wasm") ? "CompiledWasm" : "ESModule";
    return { type, path: relative(consumers, path), contents };
  });
  assert.equal(modules.length, 2);
  modules.sort(({ type }) => (type === "ESModule" ? -1 : 1));
  const miniflare = new Miniflare({ compatibilityDate: "2026-04-01", modules });
  try {
    const response = await miniflare.dispatchFetch("http://localhost/");
    assert.deepEqual(await response.json(), expected);
  } finally {
    await miniflare.dispose();
  }
});
