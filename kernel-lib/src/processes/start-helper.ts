import { type ChildProcess, spawn } from "node:child_process";

/** What a program needs to start; what else the environment holds, options of Node and secrets among it, is not for it. */
const PASSED_ON = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot", "TMPDIR"];

/**
 * Starts Node for a program that computes for this process and speaks with it by messages (structured clones).
 * @param args Node's own options, the program and its arguments
 * @param variables of the environment that it is given besides those that every program needs
 */
export function startHelper(args: readonly string[], variables: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, args, {
    // In a group of its own: an interrupt from the keyboard is for us to hear.
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    env: Object.fromEntries(
      [...PASSED_ON, ...variables].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
  });
}
