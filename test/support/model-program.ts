import { join } from "node:path";
import { bundlePrograms, ROOT } from "./bundle-programs.js";

/** The program of the process that computes with models, bundled out of the sources. @param name of the test */
export async function bundleModelProgram(name: string): Promise<string> {
  const folder = await bundlePrograms(`model-${name}`, { model: "kernel-lib/src/models/onnx/program.ts" });
  return join(folder, "model.cjs");
}

/** Where the tiny models lie that the reference's authors' libraries made, with what those give for them. */
export const MODELS = join(ROOT, "test/fixtures/models");
