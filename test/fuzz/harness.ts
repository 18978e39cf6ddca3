import { Worker } from "node:worker_threads";
import type { Job, Outcome, Report } from "./worker.js";

export interface Campaign extends Job {
  inputs: number;
  /** Wall-clock seconds after which an input is a hang. Far above what any takes, as the machine may be busy. */
  limitSeconds: number;
  /** The bundled worker. */
  program: string;
}

export interface Finding {
  /** Number of the input: its seed is that of the campaign plus this. */
  index: number;
  message: string;
  input: Buffer;
}

export interface Summary {
  inputs: number;
  seconds: number;
  /** How many inputs were read, and how many were refused for which reason. */
  outcomes: Record<string, number>;
  slowest: { index: number; cpuMs: number; bytes: number };
  /** The input by which the process's memory rose most over what it had taken before. */
  largest: { index: number; megabytes: number };
  findings: Finding[];
}

/** JavaScript memory of one thread; no input is so large that reading it needs more. */
const MEMORY_MB = 768;
/** Memory of any kind by which one input may raise what the process takes. */
const MAX_RISE_MB = 1024;
const peakMegabytes = () => process.resourceUsage().maxRSS / 1024;

/** Reads the inputs one after the other in a thread that is replaced when an input kills or hangs it. */
export async function fuzz(campaign: Campaign, onInput: (done: number) => void = () => {}): Promise<Summary> {
  const start = Date.now();
  const summary: Summary = {
    inputs: 0,
    seconds: 0,
    outcomes: {},
    slowest: { index: -1, cpuMs: 0, bytes: 0 },
    largest: { index: -1, megabytes: 0 },
    findings: [],
  };
  const reader = new Thread(campaign);
  for (let index = 0; index < campaign.inputs; index++) {
    const { input, ended, megabytes, finding } = await reader.read(index);
    const outcome = ended?.outcome ?? "died";
    summary.inputs++;
    summary.outcomes[outcome] = (summary.outcomes[outcome] ?? 0) + 1;
    if (finding) summary.findings.push({ index, message: finding, input });
    if (megabytes > summary.largest.megabytes) summary.largest = { index, megabytes };
    if (ended && ended.cpuMs > summary.slowest.cpuMs)
      summary.slowest = { index, cpuMs: ended.cpuMs, bytes: ended.bytes };
    onInput(index + 1);
  }
  await reader.stop();
  summary.seconds = (Date.now() - start) / 1000;
  return summary;
}

/** Reads given inputs as those of a campaign are read; says of each the finding, or what came of it. */
export async function reproduce(campaign: Campaign, inputs: readonly Buffer[]): Promise<string[]> {
  const reader = new Thread(campaign);
  const results: string[] = [];
  for (const given of inputs) {
    const { ended, finding } = await reader.read(given);
    results.push(finding ?? ended?.outcome ?? "");
  }
  await reader.stop();
  return results;
}

interface Answer {
  input: Buffer;
  /** By how much the process took more memory than ever before. */
  megabytes: number;
  finding: string | null;
  ended: Outcome | null;
}

class Thread {
  private worker: Worker | null = null;
  constructor(private readonly campaign: Campaign) {}

  async read(what: number | Buffer): Promise<Answer> {
    const { program, limitSeconds, ...workerData } = this.campaign;
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB };
    const worker = (this.worker ??= new Worker(program, { workerData, resourceLimits }));
    const before = peakMegabytes();
    let input: Buffer = Buffer.alloc(0);
    let timer: NodeJS.Timeout | undefined;
    let died: string | null = null;
    const ended = await new Promise<Outcome | null>((resolve) => {
      const die = (why: string) => {
        died = why;
        resolve(null);
      };
      worker.removeAllListeners();
      worker.on("message", (report: Report) => {
        if ("ended" in report) return resolve(report.ended);
        input = Buffer.from(report.began);
        timer = setTimeout(() => die(`no end after ${limitSeconds} s`), limitSeconds * 1000);
      });
      worker.on("error", (error) =>
        die(`the thread died: ${error instanceof Error ? error.stack : String(error)}`),
      );
      worker.on("exit", (code) => die(`the thread ended with code ${code}`));
      worker.postMessage(what);
    });
    clearTimeout(timer);
    if (died) await this.stop();
    const megabytes = peakMegabytes() - before;
    const tooMuch =
      megabytes > MAX_RISE_MB ? `it took ${Math.round(megabytes)} MB more than any before` : null;
    return { input, megabytes, ended, finding: died ?? ended?.finding ?? tooMuch };
  }

  async stop(): Promise<void> {
    this.worker?.removeAllListeners();
    await this.worker?.terminate();
    this.worker = null;
  }
}
