/** Remembers what a step was last done for, so that a second start takes seconds. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT, STATE } from "./places.mjs";

const SKIP = new Set(["node_modules", "dist", "lib", "labextension", ".figloom"]);

/**
 * Fingerprint of files and folders by content.
 * @param {string[]} paths absolute; a folder stands for everything below it that is not built
 */
export function fingerprint(paths) {
  const hash = createHash("sha256");
  const add = (/** @type {string} */ path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!SKIP.has(name)) add(join(path, name));
    } else hash.update(relative(ROOT, path)).update("\0").update(readFileSync(path)).update("\0");
  };
  paths.forEach(add);
  return hash.digest("hex");
}

const file = (/** @type {string} */ name) => join(STATE, `${name}.stamp`);

/**
 * Does the work unless it was already done for the same fingerprint and its result is still there.
 * @param {string} name
 * @param {string} print
 * @param {() => boolean} present whether the result is still on disk
 * @param {() => Promise<void>} work
 */
export async function once(name, print, present, work) {
  let last = null;
  try {
    last = readFileSync(file(name), "utf8");
  } catch {
    // never done
  }
  if (last === print && present()) return;
  await work();
  mkdirSync(STATE, { recursive: true });
  writeFileSync(file(name), print);
}
