import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "figloom/errors";

/** Scripts that come with the package; each becomes one server. */
export const TEMPLATES = {
  /** vLLM from the PATH. */
  vllm: "serve.sh",
  apptainer: "serve-apptainer.sh",
  enroot: "serve-enroot.sh",
  /** The imitation, for rehearsals. */
  mock: "serve-mock.sh",
} as const;

/** Absolute path of a script that comes with the package. */
export function templatePath(name: keyof typeof TEMPLATES): string {
  // Beside `dist` when bundled, two folders up in the sources.
  const path = ["../templates", "../../templates"]
    .map((folder) => join(import.meta.dirname, folder, TEMPLATES[name]))
    .find((candidate) => existsSync(candidate));
  if (path === undefined)
    throw new ConfigurationError(`${TEMPLATES[name]} is missing: install @figloom/cluster again.`);
  return path;
}
