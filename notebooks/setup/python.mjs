/** A Python environment of our own that holds JupyterLab. The user's Python is only used to make it. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { program, STATE, VENV } from "./places.mjs";
import { SetupError } from "./report.mjs";
import { must, run, tail } from "./run-program.mjs";
import { fingerprint, once } from "./stamp.mjs";

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
const OLDEST = /** @type {const} */ ([3, 10]);

/** Makes the environment and installs into it, unless it is there and works. */
export async function ensureEnvironment() {
  await once(
    "python",
    // Its programs name their own folder, so an environment does not survive a move.
    `${fingerprint([REQUIREMENTS])} ${VENV}`,
    () => existsSync(program("jupyter-lab")),
    async () => {
      const python = await findPython();
      rmSync(VENV, { recursive: true, force: true });
      await makeEnvironment(python);
      await installRequirements();
    },
  );
}

/** The first Python that is new enough. `FIGLOOM_PYTHON` names one. */
async function findPython() {
  const named = process.env.FIGLOOM_PYTHON;
  const names = named
    ? [named]
    : ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  /** @type {string[]} */
  const seen = [];
  for (const name of names) {
    const { code, output } = await run(name, ["-c", "import sys; print(*sys.version_info[:3])"]);
    if (code !== 0) continue;
    const [major = 0, minor = 0, patch = 0] = output.trim().split(" ").map(Number);
    if (major === OLDEST[0] && minor >= OLDEST[1]) return name;
    seen.push(`${name} is ${major}.${minor}.${patch}`);
  }
  throw new SetupError(
    `JupyterLab needs Python ${OLDEST.join(".")} or newer, and ${seen.length ? `there is none (${seen.join(", ")})` : named ? `${named} does not run` : "no python3 was found"}. ` +
      "Install it (Debian: apt-get install python3 python3-venv; macOS: brew install python) or name one in FIGLOOM_PYTHON, then run the command again.",
  );
}

/** @param {string} python */
async function makeEnvironment(python) {
  const { code, output } = await run(python, ["-m", "venv", VENV]);
  if (code === 0) return;
  rmSync(VENV, { recursive: true, force: true });
  if (/ensurepip|No module named venv/i.test(output))
    throw new SetupError(
      `${python} cannot make environments because its venv module is missing. Install it (Debian: apt-get install python3-venv) and run the command again.`,
    );
  throw new SetupError(`${python} could not make an environment in ${STATE}:\n${tail(output)}`);
}

/**
 * Local wheels first where pip is configured with some (`find-links`): with an index out of reach, pip would
 * otherwise wait for it once for every package.
 */
async function installRequirements() {
  const pip = (/** @type {string[]} */ extra) => [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--prefer-binary",
    "--retries",
    "1",
    "--timeout",
    "20",
    ...extra,
    "--requirement",
    REQUIREMENTS,
  ];
  const settings = await run(program("python"), ["-m", "pip", "config", "list"]);
  if (/find-links/i.test(settings.output) || process.env.PIP_FIND_LINKS) {
    const local = await run(program("python"), pip(["--no-index"]));
    if (local.code === 0) return;
  }
  await must("Installing JupyterLab", program("python"), pip([]));
}
