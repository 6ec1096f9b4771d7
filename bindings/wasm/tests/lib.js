// What the tests share: where the package is, and a browser.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/** bindings/wasm. */
export const binding = dirname(dirname(fileURLToPath(import.meta.url)));
/** Where `cargo xtask pack-npm` works, unless the environment says otherwise. */
export const work = resolve(process.env.RETRIAGE_NPM ?? join(binding, "../../target/npm"));
/** The folder into which install.js has installed the tarball. */
export const consumers = join(work, "consumers");
/** The installed package. */
export const installed = join(consumers, "node_modules/retriage");

/** A module of the installed package, as Node imports it. */
export async function load(path = "node/index.js") {
  return import(pathToFileURL(join(installed, path)).href);
}

/** The cases of tests/vectors: a name, the text of a question, and the members its answer must have. */
export function vectors() {
  return JSON.parse(readFileSync(join(work, "vectors.json"), "utf8"));
}

/** Where an answer isn't what a case asks for. Members that the case doesn't name don't count. */
export function difference(at, expected, found) {
  if (typeof expected !== "object" || expected === null) {
    return Object.is(expected, found) ? undefined : `${at} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`;
  }
  if (typeof found !== "object" || found === null || Array.isArray(found) !== Array.isArray(expected)) {
    return `${at} is ${JSON.stringify(found)}`;
  }
  if (Array.isArray(expected) && expected.length !== found.length) return `${at} has ${found.length} items`;
  for (const [name, value] of Object.entries(expected)) {
    if (!(name in found)) return `${at}/${name} is missing`;
    const place = difference(`${at}/${name}`, value, found[name]);
    if (place) return place;
  }
  return undefined;
}

const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** A server on a free port of 127.0.0.1; closed with all its connections. */
export async function serve(handler) {
  const server = createServer(handler);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () =>
    new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

/** A file server over folders by the first part of the path; `headers` go with every answer. */
export async function serveFiles(folders, headers = {}) {
  return serve((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const [, name, ...rest] = path.split("/");
    const root = folders[name];
    const file = root && normalize(join(root, ...rest, path.endsWith("/") ? "index.html" : ""));
    if (!file?.startsWith(root) || !existsSync(file) || !extname(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...headers, "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
}

/** Debian's Chromium, which asks nobody on the network for anything. */
export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--disable-dev-shm-usage",
    ],
  });
}
