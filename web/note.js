// What `vite build` has just built is noted with what it was built of: tests/architecture/test_islands.py compares the
// notes with the files, and builds again in a soak alone.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { STATIC } from "./vite.config.js";

const NOTES = "built.json";
// what stands beside the sources and is none of them
const OTHERS = new Set(["node_modules", NOTES]);
const sum = (content) => createHash("sha256").update(content).digest("hex");

function digest(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .filter((name) => folder !== "." || !OTHERS.has(name.split("/")[0]))
    .sort();
  return sum(names.map((name) => `${name} ${sum(readFileSync(join(folder, name)))}\n`).join(""));
}

if (!process.env.ISLANDS_OUT) {
  const built = Object.entries(STATIC).map(([island, folder]) => [island, digest(`${folder}/${island}`)]);
  writeFileSync(NOTES, `${JSON.stringify({ sources: digest("."), ...Object.fromEntries(built) }, null, 2)}\n`);
}
