/** Runs other programs; what they print is kept and shown only when they fail. */
import { spawn } from "node:child_process";
import { SetupError } from "./report.mjs";

/**
 * @typedef {{ code: number | null, output: string }} Outcome
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, show?: boolean }} [options] show: pass output through
 * @returns {Promise<Outcome>}
 */
export function run(command, args, { cwd, env, show = false } = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32" && command === "npm",
    });
    const keep = (/** @type {Buffer} */ chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", (error) => resolve({ code: 127, output: String(error) }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/**
 * Runs a program that must succeed.
 * @param {string} what what it was for, e.g. "Installing npm packages"
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function must(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new SetupError(`${what} failed: ${advice(output)}\n\n${tail(output)}`);
  return output;
}

/** @param {string} output */
export function tail(output) {
  return output.trimEnd().split("\n").slice(-15).join("\n");
}

/** @param {string} output what a failed program printed */
function advice(output) {
  if (/ENOSPC|No space left on device/i.test(output))
    return "the disk is full. Free about 2 GB and run the command again.";
  if (/EACCES|Permission denied/i.test(output))
    return "a file or folder may not be written. Check who owns this folder and run the command again.";
  if (
    /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ConnectTimeout|NewConnectionError|Temporary failure in name/i.test(
      output,
    )
  )
    return "a package registry cannot be reached. Check the network or proxy settings and run the command again.";
  return "this is what it printed.";
}
