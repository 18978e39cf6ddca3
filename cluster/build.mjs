/** Bundles the package and writes its type declarations. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";

const here = import.meta.dirname;
await bundle(join(here, "dist"));
const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");
execFileSync(process.execPath, [tsc, "--build", here], { stdio: "inherit" });
