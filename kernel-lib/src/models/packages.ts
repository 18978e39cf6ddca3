/** Models that an npm package brings: one that the user installs beside figloom, in whose `assets` they lie. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

const ASSETS = "assets";

/** The folder of a package's models; none where it is not installed. */
export function packagedModels(id: string): string[] {
  try {
    // The package gives out its entry for Node and no other file.
    return [join(dirname(createRequire(__filename).resolve(`${id}/node`)), ASSETS)];
  } catch {
    return [];
  }
}

/** Name and version of the package that a folder of models is of; `null` for any other folder. */
export function packageOf(folder: string): { id: string; revision: string } | null {
  if (basename(folder) !== ASSETS) return null;
  try {
    const { name, version } = JSON.parse(readFileSync(join(dirname(folder), "package.json"), "utf8")) as {
      name?: unknown;
      version?: unknown;
    };
    return typeof name === "string" && typeof version === "string" ? { id: name, revision: version } : null;
  } catch {
    return null;
  }
}
