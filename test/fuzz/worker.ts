/** The thread that makes inputs and reads them; the harness stops it where it does not come to an end. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { errorText } from "../../kernel-lib/src/errors.js";
import { readers, type ReaderName } from "./readers.js";
import { loadSamples } from "./samples.js";

export interface Job {
  reader: ReaderName;
  seed: number;
  root: string;
  corpus: boolean;
  /** The only folder that may be written to. */
  scratch: string;
}

/** What reading one input came to. */
export interface Outcome {
  /** `read`, the reason of the refusal, or `failed`. */
  outcome: string;
  finding: string | null;
  bytes: number;
  /** Processor time, which other programs on the machine do not lengthen. */
  cpuMs: number;
}

export type Report = { began: Uint8Array } | { ended: Outcome };

const { reader, seed, root, corpus, scratch } = workerData as Job;
const { inputs, read } = readers[reader];
const port = parentPort!;

let written: string | null = null;
watchWriting();

/** Every way to write a file leaves a note of the place, so that a reader that writes anywhere is found out. */
function watchWriting(): void {
  const ways =
    "writeFile writeFileSync appendFile appendFileSync mkdir mkdirSync createWriteStream rename renameSync symlink symlinkSync";
  for (const holder of [fs, fs.promises] as unknown as Record<string, unknown>[])
    for (const way of ways.split(" ")) {
      const original = holder[way];
      if (typeof original !== "function") continue;
      holder[way] = function (this: unknown, ...args: unknown[]) {
        if (!String(args[0]).startsWith(scratch)) written = String(args[0]);
        return original.apply(this, args) as unknown;
      };
    }
  syncBuiltinESMExports();
}

async function outcomeOf(input: Buffer): Promise<Pick<Outcome, "outcome" | "finding">> {
  written = null;
  try {
    await read(input, scratch);
    return { outcome: "read", finding: written && `wrote ${String(written)}` };
  } catch (error) {
    if (error instanceof Error && error.name === "ItemError")
      return {
        outcome: (error as { reason?: string }).reason ?? "?",
        finding: written && `wrote ${String(written)}`,
      };
    const finding = error instanceof Error && error.stack ? error.stack : errorText(error);
    return { outcome: "failed", finding };
  }
}

// A promise that a reader leaves to fail on its own would end the thread: it is the same as throwing.
let stray: string | null = null;
process.on("unhandledRejection", (error) => (stray = errorText(error)));

const source = loadSamples(root, corpus).then(inputs);
port.on("message", (message: number | Uint8Array) => void work(message));

/** Makes the input of that number, or takes the one that is given, and reads it. */
async function work(message: number | Uint8Array): Promise<void> {
  const input =
    typeof message === "number"
      ? fc.sample(await source, { seed: seed + message, numRuns: 1 })[0]!
      : Buffer.from(message);
  port.postMessage({ began: new Uint8Array(input) } satisfies Report);
  stray = null;
  const start = process.cpuUsage();
  const { outcome, finding } = await outcomeOf(input);
  const { user, system } = process.cpuUsage(start);
  const ended = { outcome, finding: finding ?? stray, bytes: input.length, cpuMs: (user + system) / 1000 };
  port.postMessage({ ended } satisfies Report);
}
