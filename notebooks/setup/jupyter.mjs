/** JupyterLab with our kernel and our extension in it. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { program, ROOT, STATE, VENV } from "./places.mjs";
import { SetupError } from "./report.mjs";
import { must, run } from "./run-program.mjs";

/** Puts the kernelspec, the extension and our defaults into the Python environment. Cheap; done at every start. */
export async function installIntoJupyter() {
  await must("Installing the notebook kernel", process.execPath, [
    join(ROOT, "kernel-lib", "bin", "figloom.cjs"),
    "kernel",
    "install",
    "--prefix",
    VENV,
  ]);
  const link = join(VENV, "share", "jupyter", "labextensions", "@figloom", "labextension");
  mkdirSync(dirname(link), { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link, { recursive: true });
  symlinkSync(join(ROOT, "extension", "labextension"), link, "junction");
  const settings = join(VENV, "share", "jupyter", "lab", "settings");
  mkdirSync(settings, { recursive: true });
  writeFileSync(
    join(settings, "overrides.json"),
    JSON.stringify({
      "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
    }),
  );
}

/**
 * Jupyter's own files live in `.figloom` too, so that an unwritable or foreign home folder does not matter.
 * @param {string} [folder] another place for them
 */
function jupyterEnvironment(folder = join(STATE, "jupyter")) {
  const home = (/** @type {string} */ name) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  return {
    JUPYTER_CONFIG_DIR: home("config"),
    JUPYTER_DATA_DIR: home("data"),
    JUPYTER_RUNTIME_DIR: home("runtime"),
    JUPYTERLAB_SETTINGS_DIR: home("settings"),
    JUPYTERLAB_WORKSPACES_DIR: home("workspaces"),
    IPYTHONDIR: home("ipython"),
  };
}

/**
 * Whether a port of this machine is free.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** @param {number | undefined} wanted a port the user asked for; otherwise the first free one from 8888 on */
async function choosePort(wanted) {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw new SetupError(
      `Port ${wanted} is in use. Name another with --port, or leave it out to take a free one.`,
    );
  }
  for (let port = 8888; port < 8988; port++) if (await isFree(port)) return port;
  throw new SetupError("No port between 8888 and 8987 is free. Name one with --port.");
}

/**
 * Starts JupyterLab.
 * @param {{ folder: string, notebook: string, port?: number, browser: boolean, env?: Record<string, string>, home?: string, args?: string[] }} options
 *   folder: what JupyterLab shows; notebook: the one to open, relative to it; home: for
 *   Jupyter's own files; args: more for JupyterLab
 * @returns {Promise<{ url: string, stop: () => Promise<void>, ended: Promise<number | null> }>} once it answers
 */
export async function startLab({ folder, notebook, port: wanted, browser, env, home, args: more = [] }) {
  const port = await choosePort(wanted);
  const token = randomBytes(24).toString("hex");
  const args = [
    `--ServerApp.root_dir=${folder}`,
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    "--ServerApp.allow_root=True",
    "--ServerApp.log_level=WARN",
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LanguageServerManager.autodetect=False",
    `--LabApp.default_url=/lab/tree/${encodeURIComponent(notebook)}`,
    ...(browser ? [] : ["--no-browser"]),
    ...more,
  ];
  const child = spawn(program("jupyter-lab"), args, {
    cwd: folder,
    // The token goes by the environment: arguments can be read by every user of the machine.
    env: { ...process.env, ...jupyterEnvironment(home), ...env, JUPYTER_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (/** @type {Buffer} */ chunk) => (output = (output + chunk).slice(-8000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", resolve);
  });
  const base = `http://127.0.0.1:${port}`;
  // Only this JupyterLab knows the token: another that took the port meanwhile is not mistaken for it.
  const headers = { authorization: `token ${token}` };
  const answers = async () => {
    for (let i = 0; i < 600; i++) {
      const ok = await fetch(`${base}/api/status`, { headers, signal: AbortSignal.timeout(2000) }).then(
        (response) => response.ok,
        () => false,
      );
      if (ok) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  };
  const up = await Promise.race([answers(), ended.then(() => false)]);
  if (!up) {
    child.kill();
    throw new SetupError(`JupyterLab did not start:\n${output.trimEnd().split("\n").slice(-15).join("\n")}`);
  }
  return {
    url: `${base}/lab/tree/${encodeURIComponent(notebook)}?token=${token}`,
    ended,
    stop: async () => {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/**
 * Runs a notebook without a browser and writes it, executed.
 * @param {{ notebook: string, out: string, env?: Record<string, string> }} options
 *   notebook: path; out: folder for the executed notebook
 * @returns {Promise<string>} its path
 * @throws {SetupError} with the error's text when a cell fails
 */
export async function executeNotebook({ notebook, out, env }) {
  const name = basename(notebook);
  const executed = join(out, name);
  mkdirSync(out, { recursive: true });
  rmSync(executed, { force: true });
  const settings = ["--ExecutePreprocessor.timeout=-1", "--output-dir", out];
  const { code, output } = await run(
    program("jupyter"),
    ["nbconvert", "--to", "notebook", "--execute", ...settings, notebook],
    { cwd: dirname(notebook), env: { ...jupyterEnvironment(), ...env } },
  );
  if (code !== 0 || !existsSync(executed))
    throw new SetupError(
      `${name} did not run to its end:\n${output.trimEnd().split("\n").slice(-30).join("\n")}`,
    );
  return executed;
}

/**
 * Writes a stand-alone HTML page of an executed notebook beside it.
 * @param {string} notebook path
 * @returns {Promise<string>} the page's path
 */
export async function writeHtml(notebook) {
  const args = ["nbconvert", "--to", "html", "--embed-images", notebook];
  await must("Writing the HTML copy", program("jupyter"), args, { env: jupyterEnvironment() });
  return notebook.replace(/\.ipynb$/, ".html");
}
