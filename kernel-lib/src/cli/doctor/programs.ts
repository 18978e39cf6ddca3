import { execa } from "execa";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./finding.js";

/** The Python environment that `npm start` makes, where figloom is run from its repository. */
const OWN_PYTHON = join(".figloom", "venv", "bin", "python");

/** The programs that figloom runs on or calls. */
export function programChecks(): Promise<Finding[]> {
  const python = existsSync(OWN_PYTHON) ? OWN_PYTHON : "python3";
  return Promise.all([
    node(),
    check({
      name: "Python with venv",
      find: async () => {
        await printed("python3", "-c", "import venv, ensurepip");
        return printed("python3", "-c", "import sys; print(sys.version.split()[0])");
      },
      adds: "npm start makes JupyterLab's environment with it.",
      get: "On Debian: apt-get install python3 python3-venv.",
    }),
    check({
      name: "JupyterLab",
      find: () => printed(python, "-c", "import jupyterlab; print(jupyterlab.__version__)"),
      adds: "Opens the notebooks.",
      get: "npm start installs it in an environment of its own.",
    }),
    check({
      name: "Ghostscript",
      find: () => printed("gs", "--version"),
      adds: "Draws EPS and PostScript figures; without it they go to the quarantine.",
      get: "On Debian: apt-get install ghostscript.",
    }),
    check({
      name: "Chromium",
      find: async () => {
        for (const program of [process.env.CHROMIUM ?? "chromium", "chromium-browser", "google-chrome"]) {
          const version = await printed(program, "--version").catch(() => null);
          if (version) return version;
        }
        return null;
      },
      adds: "Runs the browser tests.",
      get: "On Debian: apt-get install chromium.",
    }),
  ]);
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return {
    name: "Node",
    found: enough ? process.versions.node : null,
    required: true,
    adds: `Runs figloom; this is ${process.versions.node}.`,
    get: "Install Node 20.19 or newer.",
  };
}

async function check({
  name,
  find,
  adds,
  get,
}: Pick<Finding, "name" | "adds" | "get"> & { find(): Promise<string | null> }): Promise<Finding> {
  return { name, found: await find().catch(() => null), required: false, adds, get };
}

/** First line that a program prints; rejects where it is missing or fails. */
async function printed(program: string, ...parameters: string[]): Promise<string> {
  const { stdout } = await execa(program, parameters, { timeout: 20_000, stdin: "ignore" });
  return stdout.split("\n")[0]!.trim();
}
