import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findProgram } from "./find-program.js";

/** What is needed of a system to start a program: its libraries. */
const SYSTEM = [
  "/usr",
  "/bin",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/etc/ld.so.cache",
  "/etc/alternatives",
];

/**
 * The command that runs `command` cut off from the network and, where `reads` is given, from all files but the system's
 * programs and libraries (to read), those folders (to read) and `folder` (to write), from
 * which it starts in `within`. For the first `unshare` (Linux) is
 * used, for the second bubblewrap (`bwrap`); what is not installed, or not permitted, as in some containers, is left out.
 */
export async function isolated(
  command: readonly string[],
  folder: string,
  within: string,
  reads?: readonly string[],
): Promise<string[]> {
  const { bwrap, unshare } = await tools();
  if (bwrap && reads) {
    const readable = [...SYSTEM, ...reads].flatMap((path) => ["--ro-bind-try", path, path]);
    const room = ["--proc", "/proc", "--dev", "/dev", "--bind", folder, folder];
    return [bwrap, "--unshare-all", "--die-with-parent", ...readable, ...room, "--chdir", within, ...command];
  }
  return unshare ? [unshare, "--map-root-user", "--net", ...command] : [...command];
}

interface Tools {
  bwrap?: string;
  unshare?: string;
}

let known: { path: string | undefined; tools: Promise<Tools> } | undefined;

/** Which of the two work here; looked for once for each `PATH`. */
function tools(): Promise<Tools> {
  if (known?.path !== process.env.PATH) known = { path: process.env.PATH, tools: look() };
  return known!.tools;
}

async function look(): Promise<Tools> {
  const works = async (name: string, ...args: string[]) => {
    const path = await findProgram(name);
    if (!path) return {};
    const run = promisify(execFile)(path, [...args, "true"], { timeout: 10_000 });
    return run.then(
      () => ({ [name]: path }),
      () => ({}),
    );
  };
  const [bwrap, unshare] = await Promise.all([
    works("bwrap", "--unshare-all", "--ro-bind", "/", "/"),
    works("unshare", "--map-root-user", "--net"),
  ]);
  return { ...bwrap, ...unshare };
}
