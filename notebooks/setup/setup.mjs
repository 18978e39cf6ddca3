/** Everything that notebooks need, from a fresh clone to a working JupyterLab. Takes seconds when it is all there. */
import { existsSync, mkdirSync, statfsSync } from "node:fs";
import { installIntoJupyter } from "./jupyter.mjs";
import { buildPackages, installPackages } from "./node-packages.mjs";
import { ROOT, STATE, VENV } from "./places.mjs";
import { ensureEnvironment } from "./python.mjs";
import { SetupError, step, together } from "./report.mjs";

/** npm packages with their build, and the Python environment: about 1.4 and 0.6 GB. */
const NEEDED_BYTES = 2.2e9;

/** @throws {SetupError} naming what is missing and what to do */
export async function setUp() {
  checkFolder();
  await together(
    step("npm packages", installPackages).then(() => step("build", buildPackages)),
    step("Python environment with JupyterLab", ensureEnvironment),
  );
  await step("kernel and extension", installIntoJupyter);
}

/** The two mistakes that would otherwise show up as a puzzling error minutes later. */
function checkFolder() {
  try {
    mkdirSync(STATE, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `${STATE} cannot be made (${/** @type {NodeJS.ErrnoException} */ (error).code}). Put figloom into a folder that you may write to.`,
    );
  }
  const { bavail, bsize } = statfsSync(ROOT);
  if (!existsSync(VENV) && bavail * bsize < NEEDED_BYTES)
    throw new SetupError(
      `The disk that holds ${ROOT} has ${Math.round((bavail * bsize) / 1e6)} MB left, and setting up takes about ${NEEDED_BYTES / 1e6} MB. Free some and run the command again.`,
    );
}
