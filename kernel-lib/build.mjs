/** Bundles the package for Node (CommonJS, which notebook cells need) and writes its type declarations. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");
const common = { absWorkingDir: here, bundle: true, sourcemap: true, outdir: "dist", logLevel: "warning" };

await Promise.all([
  build({
    ...common,
    entryPoints: {
      index: "src/index.ts",
      cli: "src/cli/main.ts",
      worker: "src/stages/worker.ts",
      model: "src/models/onnx/program.ts",
      ocr: "src/ocr/tesseract/program.ts",
      preload: "src/kernel/preload.ts",
      service: "src/desks/main.ts",
      start: "src/kernel/start.ts",
      errors: "src/errors.ts",
      processes: "src/processes/index.ts",
      stages: "src/stages/index.ts",
      runs: "src/runs.ts",
      fleet: "src/captions/vllm/fleet/index.ts",
    },
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    outExtension: { ".js": ".cjs" },
  }),
  build({
    ...common,
    entryPoints: { views: "src/views/shared.ts" },
    format: "esm",
    target: "es2022",
    external: ["@observablehq/plot"],
  }),
]);
execFileSync(process.execPath, [tsc, "--build", here], { stdio: "inherit" });
