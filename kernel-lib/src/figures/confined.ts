import { execFile } from "node:child_process";
import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { errorText } from "../errors.js";
import { withDeadline } from "../deadline.js";

const MiB = 2 ** 20;
const MEMORY_BYTES = 2048 * MiB;
const FILE_BYTES = 256 * MiB;
const OUTPUT_BYTES = 64 * MiB;
/** Processor seconds for each second of the clock: a program may compute in several threads. */
const THREADS = 4;

/**
 * Runs a program over a paper's file, from its standard input to its standard output.
 *
 * It gets nothing of this process's environment but `PATH` (keys may be among the rest), and an empty folder for
 * temporary files, removed afterwards: others' temporary files are what Ghostscript leaves open to a drawing. It is
 * killed after `seconds`, when `signal` is aborted, or when it writes more than 64 MiB; where `prlimit` is installed
 * it gets at most 2 GiB of memory, files of at most 256 MiB, and an end of its own, should this process be killed.
 *
 * @throws an error that holds what the program said; the signal's reason when aborted, a `TimeoutError` after `seconds`.
 */
export async function runConfined(
  command: readonly string[],
  input: Buffer,
  seconds: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "figloom-draw-"));
  try {
    return await withDeadline(seconds, signal, (deadline) => run(command, input, folder, seconds, deadline));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function run(
  command: readonly string[],
  input: Buffer,
  folder: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const prlimit = await findProgram("prlimit");
  const cpu = Math.ceil(seconds * THREADS);
  const limits = [`--cpu=${cpu}`, `--data=${MEMORY_BYTES}`, `--fsize=${FILE_BYTES}`, "--core=0"];
  const [file, ...rest] = prlimit ? [prlimit, ...limits, ...command] : command;
  const running = promisify(execFile)(file!, rest, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", TMPDIR: folder, TEMP: folder, HOME: folder },
    encoding: "buffer",
    maxBuffer: OUTPUT_BYTES,
    signal,
    killSignal: "SIGKILL",
  });
  // A program that ends before it has read everything breaks the pipe; its exit status says why.
  running.child.stdin!.on("error", () => undefined).end(input);
  try {
    return (await running).stdout;
  } catch (error) {
    signal.throwIfAborted();
    // The error itself is not kept as the cause, since it holds all that was written.
    throw new Error(`${basename(command[0]!)} failed: ${lastWords(error)}`);
  }
}

function lastWords(error: unknown): string {
  const { stderr } = error as { stderr?: Buffer };
  const said = stderr
    ?.subarray(0, 400)
    .toString("utf8")
    .replace(/\p{Cc}+/gu, " ")
    .trim();
  return said || errorText(error).slice(0, 400);
}

/** Where a program lies that `PATH` leads to, if it is installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
    const path = join(folder, name);
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return path;
  }
  return undefined;
}
