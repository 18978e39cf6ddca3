import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundlePrograms } from "../../support/bundle-programs.js";
import { synthesize } from "../../support/synthetic/dataset.js";
import type { Part } from "../support/report.js";
import type { LongRun, LongRunTask } from "./long-run.js";
import { RunningFleet } from "./servers.js";

const CAPTIONS = 100_000;
const EVERY = 10_000;
/** Looks at the memory that count as warm-up. */
const WARM_UP = 2;

/** Memory over a hundred thousand requests, and how soon a finished run is known to be finished. */
export async function benchMemory(scratch: string): Promise<Part> {
  const dataset = join(scratch, "dataset");
  await synthesize(dataset, { figures: CAPTIONS, size: () => ({ width: 96, height: 96 }) });
  const programs = await bundlePrograms("bench", { "long-run": "test/bench/recaption/long-run.ts" });
  const fleet = await RunningFleet.start({ servers: 2, slots: 128, milliseconds: 200 });
  try {
    const task: LongRunTask = { dataset, endpoints: fleet.endpoints, every: EVERY };
    const first = ["--expose-gc", join(programs, "long-run.cjs"), JSON.stringify(task)];
    const { stdout } = await promisify(execFile)(process.execPath, first);
    const { memory, seconds, made, again } = JSON.parse(stdout) as LongRun;
    const requests = await fleet.requests();
    const [warm, end] = [memory[WARM_UP - 1]!, memory.at(-1)!];
    return {
      title: "Memory of a long run, and a second start of it",
      items: `${made[0]} captions of figures with small pictures, ${requests} requests`,
      commands: {
        run: "lab.recaption in a process of its own; memory right after garbage was collected",
        again: "the same call once more: opens, asks the dataset, ends",
      },
      figures: {
        "captions a second": made[0] / seconds,
        "resident at the end, as a multiple of that after warm-up": end.resident / warm.resident,
        "heap at the end, as a multiple of that after warm-up": end.heap / warm.heap,
        "seconds to see that all is done": again,
        "captions made the second time": made[1],
      },
      rows: memory.map(({ captions, resident, heap, external }) => ({
        captions,
        "resident, MiB": resident,
        "heap, MiB": heap,
        "external, MiB": external,
      })),
    };
  } finally {
    await fleet.stop();
  }
}
