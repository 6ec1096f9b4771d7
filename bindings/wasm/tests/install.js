// Installs the tarball that `cargo xtask pack-npm` made into a folder of its own, as a user would.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binding, consumers, work } from "./lib.js";

const tarball = readdirSync(work).find((name) => name.endsWith(".tgz"));
if (!tarball) throw new Error(`there is no tarball in ${work}: run cargo xtask pack-npm --out ${work}`);
rmSync(consumers, { recursive: true, force: true });
mkdirSync(consumers, { recursive: true });
const manifest = { private: true, dependencies: { retriage: `file:../${tarball}` } };
writeFileSync(join(consumers, "package.json"), JSON.stringify(manifest));
const options = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
execFileSync("npm", ["install", ...options], { cwd: consumers, stdio: "inherit" });
// What consumers use besides, from the tools: nothing is fetched twice.
for (const name of ["axios", "ky"]) {
  symlinkSync(join(binding, "node_modules", name), join(consumers, "node_modules", name));
}
cpSync(join(binding, "tests/consumers"), consumers, { recursive: true });
