import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { errorText } from "../errors.js";
import { withDeadline } from "../deadline.js";
import { findProgram } from "./find-program.js";
import { isolated } from "./isolation.js";

const MiB = 2 ** 20;
const MEMORY_BYTES = 2048 * MiB;
const FILE_BYTES = 256 * MiB;
const OUTPUT_BYTES = 64 * MiB;
/** Processor seconds for each second of the clock: a program may compute in several threads. */
const THREADS = 4;

/**
 * Runs a program over a paper's file, from its standard input to its standard output, in an empty folder that is
 * removed afterwards (others' temporary files are what Ghostscript leaves open to a drawing); see {@link execute}.
 *
 * @throws an error that holds what the program said; the signal's reason when aborted, a `TimeoutError` after `seconds`.
 */
export function runConfined(
  command: readonly string[],
  input: Buffer,
  seconds: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return withFolder(async (folder) => {
    const { stdout, failure } = await execute({ command, folder, input }, seconds, signal);
    if (failure) throw failure;
    return stdout;
  });
}

/** Does work in an empty temporary folder that is removed afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "figloom-draw-")));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export interface Program {
  command: readonly string[];
  /** Where it runs, and its `HOME` and folder for temporary files. */
  folder: string;
  /** Current folder, `folder` or inside it. @default folder */
  within?: string;
  input?: Buffer;
  /** Variables that it gets beside `PATH`. */
  env?: Record<string, string>;
  /** All that it may read besides the system's programs and libraries, where that can be enforced. */
  reads?: readonly string[];
}

export interface Outcome {
  /** All that it wrote, also where it did not end well. */
  stdout: Buffer;
  /** Why it did not end well: a `TimeoutError` after its time, else an error with what it said. */
  failure: Error | null;
}

/**
 * Runs a program that works on what a paper brings.
 *
 * It gets nothing of this process's environment but `PATH` (keys may be among the rest), and no network and no other
 * files where that can be had, see {@link isolated}. It is killed after `seconds`, when `signal` is aborted, or when it
 * writes more than 64 MiB to its output; where `prlimit` is installed it gets at most 2 GiB of memory, files of at most
 * 256 MiB, and an end of its own, should this process be killed.
 *
 * @throws the signal's reason when aborted.
 */
export async function execute(program: Program, seconds: number, signal: AbortSignal): Promise<Outcome> {
  const outcome = await withDeadline(seconds, signal, (deadline) => run(program, seconds, deadline));
  signal.throwIfAborted();
  return outcome;
}

async function run(program: Program, seconds: number, deadline: AbortSignal): Promise<Outcome> {
  const { folder, within, input, env, reads } = program;
  const prlimit = await findProgram("prlimit");
  const cpu = Math.ceil(seconds * THREADS);
  const limits = [`--cpu=${cpu}`, `--data=${MEMORY_BYTES}`, `--fsize=${FILE_BYTES}`, "--core=0"];
  const limited = prlimit ? [prlimit, ...limits, ...program.command] : program.command;
  const [file, ...rest] = await isolated(limited, folder, within ?? folder, reads);
  const running = promisify(execFile)(file!, rest, {
    cwd: within ?? folder,
    env: { PATH: process.env.PATH ?? "", TMPDIR: folder, TEMP: folder, HOME: folder, ...env },
    encoding: "buffer",
    maxBuffer: OUTPUT_BYTES,
    signal: deadline,
    killSignal: "SIGKILL",
  });
  // A program that ends before it has read everything breaks the pipe; its exit status says why.
  running.child.stdin!.on("error", () => undefined).end(input);
  try {
    const { stdout } = await running;
    return { stdout, failure: null };
  } catch (error) {
    const { stdout = Buffer.alloc(0) } = error as { stdout?: Buffer };
    if (deadline.aborted) return { stdout, failure: deadline.reason as Error };
    // The error itself is not kept as the cause, since it holds all that was written.
    return { stdout, failure: new Error(`${basename(program.command[0]!)} failed: ${lastWords(error)}`) };
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
