import { templatePath } from "../templates.js";

/** Scripts that come with the package; each becomes one server. */
export const SERVE_SCRIPTS = {
  /** vLLM from the PATH. */
  vllm: "serve.sh",
  apptainer: "serve-apptainer.sh",
  enroot: "serve-enroot.sh",
  /** The imitation, for rehearsals. */
  mock: "serve-mock.sh",
} as const;

/** Absolute path of a script that comes with the package. */
export const serveScript = (name: keyof typeof SERVE_SCRIPTS): string => templatePath(SERVE_SCRIPTS[name]);
