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
  findings: Finding[];
}

/** JavaScript memory of one thread; no input is so large that reading it needs more. */
const MEMORY_MB = 768;

/** Reads the inputs one after the other in a thread that is replaced when an input kills or hangs it. */
export async function fuzz(campaign: Campaign, onInput: (done: number) => void = () => {}): Promise<Summary> {
  const start = Date.now();
  const summary: Summary = {
    inputs: 0,
    seconds: 0,
    outcomes: {},
    slowest: { index: -1, cpuMs: 0, bytes: 0 },
    findings: [],
  };
  const reader = new Thread(campaign);
  for (let index = 0; index < campaign.inputs; index++) {
    const { input, ended, died } = await reader.read(index);
    const outcome = ended?.outcome ?? "died";
    summary.inputs++;
    summary.outcomes[outcome] = (summary.outcomes[outcome] ?? 0) + 1;
    const message = died ?? ended?.finding;
    if (message) summary.findings.push({ index, message, input });
    if (ended && ended.cpuMs > summary.slowest.cpuMs) summary.slowest = { index, ...ended };
    onInput(index + 1);
  }
  await reader.stop();
  summary.seconds = (Date.now() - start) / 1000;
  return summary;
}

/** Reads one given input, as one of a campaign would be read. */
export async function reproduce(campaign: Campaign, input: Buffer): Promise<string> {
  const reader = new Thread(campaign);
  const { ended, died } = await reader.read(input);
  await reader.stop();
  return died ?? ended?.finding ?? ended?.outcome ?? "";
}

interface Answer {
  input: Buffer;
  ended?: Outcome;
  died?: string;
}

class Thread {
  private worker: Worker | null = null;
  constructor(private readonly campaign: Campaign) {}

  async read(what: number | Buffer): Promise<Answer> {
    const { program, limitSeconds, ...workerData } = this.campaign;
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB };
    const worker = (this.worker ??= new Worker(program, { workerData, resourceLimits }));
    let input: Buffer = Buffer.alloc(0);
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answer>((resolve) => {
      const die = (died: string) => resolve({ input, died });
      worker.removeAllListeners();
      worker.on("message", (report: Report) => {
        if ("ended" in report) return resolve({ input, ended: report.ended });
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
    if (answer.died) await this.stop();
    return answer;
  }

  async stop(): Promise<void> {
    this.worker?.removeAllListeners();
    await this.worker?.terminate();
    this.worker = null;
  }
}
