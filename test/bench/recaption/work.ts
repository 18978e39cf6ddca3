/** What both clients are measured on, the same for both. */
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import type { CaptionInput } from "../../../kernel-lib/src/captions/captioner.js";
import { within } from "../../../kernel-lib/src/disk/files.js";

export interface ClientTask {
  dataset: string;
  endpoints: string[];
  model: string;
  /** File that results go to, a line each. */
  results: string;
  concurrency: number;
  /** Requests before the measured ones. */
  warmUp: number;
  requests: number;
  /** Whether servers read the pictures themselves. */
  shared: boolean;
}

export interface ClientMeasure {
  /** Milliseconds of a processor for 1,000 requests, all threads of the process together. */
  cpu: number;
  /** Requests a second. */
  rate: number;
}

/** All that a caption is made from, read beforehand. */
export async function readInputs({ dataset }: ClientTask): Promise<CaptionInput[]> {
  const opened = await Dataset.open(dataset);
  const reader = await opened.read();
  const inputs: CaptionInput[] = [];
  for await (const figure of reader.figures()) {
    const { paper_id, title, abstract, discipline } = figure;
    const paper = { paper_id, title, abstract, discipline };
    inputs.push({ figure, paper, image: within(opened.folder, figure.image_path!) });
  }
  reader.close();
  return inputs;
}

/** Warms up, then asks about so many figures and reckons what that took of the processors. */
export async function measureClient(
  { warmUp, requests }: ClientTask,
  inputs: readonly CaptionInput[],
  askAll: (inputs: readonly CaptionInput[]) => Promise<unknown>,
): Promise<ClientMeasure> {
  const from = (start: number, count: number) =>
    Array.from({ length: count }, (_, at) => inputs[(start + at) % inputs.length]!);
  await askAll(from(0, warmUp));
  const cpu = process.cpuUsage();
  const started = performance.now();
  await askAll(from(warmUp, requests));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / requests, rate: requests / seconds };
}

/** Runs one of the two clients as a program of its own. */
export async function clientProgram(run: (task: ClientTask) => Promise<ClientMeasure>): Promise<void> {
  const task = JSON.parse(process.argv[2]!) as ClientTask;
  console.log(JSON.stringify(await run(task)));
}
