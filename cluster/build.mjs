/** Bundles the package for Node (CommonJS, which notebook cells need) and writes its type declarations. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { build } from "esbuild";

const here = import.meta.dirname;
await build({
  absWorkingDir: here,
  entryPoints: { index: "src/index.ts" },
  bundle: true,
  sourcemap: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  logLevel: "warning",
});
execFileSync(
  process.execPath,
  [createRequire(import.meta.url).resolve("typescript/bin/tsc"), "--build", here],
  {
    stdio: "inherit",
  },
);
