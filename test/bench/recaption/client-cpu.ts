import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundlePrograms } from "../../support/bundle-programs.js";
import { synthesize } from "../../support/synthetic/dataset.js";
import type { Part } from "../support/report.js";
import { median } from "../support/timing.js";
import { MODEL, RunningFleet } from "./servers.js";
import type { ClientMeasure, ClientTask } from "./work.js";

const CONCURRENCY = 64;
const WARM_UP = 300;
const REQUESTS = 1000;
const FIGURES = 400;
/** Pictures of about 200 kB: a quarter of the pixels are noise, which does not compress. */
const PICTURE = { width: 640, height: 420 };
const GRAIN = 0.25;

/** Time of processors that a client takes for its requests, beside a plain loop with the `openai` package. */
export async function benchClientCpu(rounds: number, scratch: string): Promise<Part> {
  const dataset = join(scratch, "dataset");
  await synthesize(dataset, { figures: FIGURES, size: () => PICTURE, grain: GRAIN });
  const programs = await bundlePrograms("bench", {
    "our-client": "test/bench/recaption/our-client.ts",
    "plain-client": "test/bench/recaption/plain-client.ts",
  });
  const fleet = await RunningFleet.start({
    servers: 2,
    slots: CONCURRENCY,
    milliseconds: 100,
    shared: dataset,
  });
  const rows = [];
  try {
    for (const shared of [false, true]) {
      const measures = { "our-client": [] as ClientMeasure[], "plain-client": [] as ClientMeasure[] };
      for (let round = 0; round < rounds; round++)
        for (const [client, list] of Object.entries(measures)) {
          const task: ClientTask = {
            dataset,
            endpoints: fleet.endpoints,
            model: MODEL,
            results: join(scratch, `${client}-${shared}-${round}.jsonl`),
            concurrency: CONCURRENCY,
            warmUp: WARM_UP,
            requests: REQUESTS,
            shared,
          };
          list.push(await runClient(join(programs, `${client}.cjs`), task));
        }
      const { "our-client": ours, "plain-client": plain } = measures;
      const cpu = (list: ClientMeasure[]) => median(list.map((measure) => measure.cpu));
      rows.push({
        pictures: shared ? "file://" : "data URL",
        "figloom, ms": cpu(ours),
        "openai, ms": cpu(plain),
        ratio: cpu(ours) / cpu(plain),
        "ratio, round by round": ours.map((each, i) => (each.cpu / plain[i]!.cpu).toFixed(2)).join(", "),
        "figloom, /s": median(ours.map(({ rate }) => rate)),
        "openai, /s": median(plain.map(({ rate }) => rate)),
      });
    }
  } finally {
    await fleet.stop();
  }
  return {
    title: "Processor time of 1,000 requests, all threads of the client",
    items: `${REQUESTS} requests after ${WARM_UP} to warm up, ${CONCURRENCY} at a time, pictures of some 200 kB, ${rounds} rounds`,
    commands: {
      figloom: "captioner.caption and an append to a ledger; it also checks each file's SHA-256",
      openai:
        "openai in p-limit: readFile, data URL (or a file:// one), the same prompt and sampling, the same ledger",
    },
    figures: { "ratio with data URLs": rows[0]!.ratio, "ratio with file://": rows[1]!.ratio },
    rows,
  };
}

async function runClient(program: string, task: ClientTask): Promise<ClientMeasure> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(task)]);
  return JSON.parse(stdout) as ClientMeasure;
}
