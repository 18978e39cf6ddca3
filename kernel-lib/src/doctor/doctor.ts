/** What is installed on this machine, and what each missing piece would add. */
import { execFile } from "node:child_process";
import { examineEndpoints } from "./endpoints.js";
import type { Finding } from "./finding.js";
import { examineLayoutReader } from "./layout-reader.js";
import { examineModels } from "./models.js";

/** Looks for everything that figloom uses. Takes a second or two; endpoints get three seconds to answer. */
export async function examine(env: NodeJS.ProcessEnv = process.env): Promise<Finding[]> {
  const parts = await Promise.all([
    Promise.resolve(node()),
    ...LIBRARIES.map(library),
    ...PROGRAMS.map(program),
    virtualEnvironments(),
    examineEndpoints(env),
    examineLayoutReader(env),
    examineModels(env),
  ]);
  return parts.flat();
}

/** Oldest Node that can `require` the ES modules among our dependencies. */
const OLDEST_NODE = [20, 19] as const;

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return {
    name: "Node",
    state: enough ? "found" : "broken",
    detail: process.versions.node,
    adds: "runs figloom",
    remedy: enough ? null : `install Node ${OLDEST_NODE.join(".")} or newer`,
  };
}

interface Library {
  name: string;
  load: () => Promise<string>;
  adds: string;
}

const LIBRARIES: Library[] = [
  {
    name: "sharp",
    load: async () => (await import("sharp")).default.versions.sharp ?? "loads",
    adds: "reads and writes pictures",
  },
  {
    name: "DuckDB",
    load: async () => (await import("@duckdb/node-api")).version(),
    adds: "writes and queries the dataset",
  },
  {
    name: "PDFium",
    load: async () => {
      const { PDFiumLibrary } = await import("@hyzyla/pdfium");
      (await PDFiumLibrary.init()).destroy();
      return "loads";
    },
    adds: "renders PDF figures",
  },
];

async function library({ name, load, adds }: Library): Promise<Finding> {
  try {
    return { name, state: "found", detail: await load(), adds, remedy: null };
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { name, state: "broken", detail, adds, remedy: "install the packages again: npm ci" };
  }
}

interface Program {
  name: string;
  commands: string[];
  adds: string;
  remedy: string;
}

const PROGRAMS: Program[] = [
  {
    name: "Ghostscript",
    commands: ["gs", "gswin64c"],
    adds: "renders EPS and PostScript figures; without it they are kept without a picture",
    remedy: "apt-get install ghostscript (macOS: brew install ghostscript)",
  },
  {
    name: "TeX",
    commands: ["pdflatex"],
    adds: "draws figures that are made in TeX (TikZ, pgfplots and the like) and tables; without it they are kept without a picture",
    remedy:
      "apt-get install texlive-latex-extra texlive-pictures texlive-science texlive-publishers (macOS: MacTeX)",
  },
  {
    name: "bubblewrap",
    commands: ["bwrap"],
    adds: "hides all files but TeX's own and the paper's from the TeX of a paper; without it TeX is confined by its own settings",
    remedy: "apt-get install bubblewrap (Linux only)",
  },
  {
    name: "Python",
    commands: ["python3", "python"],
    adds: "runs JupyterLab for notebooks; the commands work without it",
    remedy: "install Python 3.10 or newer (Debian: apt-get install python3 python3-venv)",
  },
  {
    name: "JupyterLab",
    commands: ["jupyter-lab"],
    adds: "shows notebooks; npm start brings its own, so it need not be on the path",
    remedy: "npm start in figloom's folder, or pip install jupyterlab",
  },
  {
    name: "Chromium",
    commands: ["chromium", "chromium-browser", "google-chrome"],
    adds: "runs the browser tests; nothing else needs it",
    remedy: "apt-get install chromium",
  },
];

async function program({ name, commands, adds, remedy }: Program): Promise<Finding> {
  for (const command of commands) {
    const version = await firstLine(command, ["--version"]);
    if (version !== null)
      return {
        name,
        state: "found",
        detail: versionIn(version),
        adds,
        remedy: null,
      };
  }
  return { name, state: "missing", detail: "not found", adds, remedy };
}

/** `2022` of TeX Live 2022, else the first number with a point in it. */
function versionIn(line: string): string {
  return /TeX Live \d+/.exec(line)?.[0] ?? /\d+(\.\d+)+/.exec(line)?.[0] ?? line;
}

async function virtualEnvironments(): Promise<Finding> {
  const works = await firstLine("python3", ["-c", "import ensurepip, venv; print('works')"]);
  return {
    name: "Python venv",
    state: works ? "found" : "missing",
    detail: works ?? "not found",
    adds: "lets npm start make a Python environment of its own",
    remedy: works ? null : "Debian: apt-get install python3-venv",
  };
}

/** First line that a program prints; `null` when it is not there or fails. */
function firstLine(command: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = execFile(command, args, { timeout: 10_000 }, (error, stdout) =>
      resolve(error ? null : (stdout.trim().split("\n")[0] ?? "")),
    );
    asked.stdin?.on("error", () => undefined).end();
  });
}
