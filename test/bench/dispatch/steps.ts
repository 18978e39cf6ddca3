import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linkFirst, placeFirst, readText, replaceWhole } from "../../../cluster/src/run/files.js";
import { JsonlWriter } from "../../../kernel-lib/src/disk/jsonl.js";
import type { Part } from "../support/report.js";
import { median, timed } from "../support/timing.js";

const TIMES = 300;

/** What the protocol's steps take on the disk at hand. */
export async function benchSteps(_rounds: number, scratch: string): Promise<Part> {
  const folder = join(scratch, "steps");
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ text: "0".repeat(1500) });
  const writer = await JsonlWriter.open(join(folder, "results.jsonl"));
  writeFileSync(join(folder, "draft"), text);
  const steps: Record<string, (time: number) => Promise<unknown>> = {
    "a lease or a commit: draft, flush, link, flush of the folder, unlink": (time) =>
      placeFirst(join(folder, `${time}.json`), text + time),
    "link alone": (time) => linkFirst(join(folder, "draft"), join(folder, `${time}.link`)),
    "a heartbeat: new file, rename": () => replaceWhole(join(folder, "beat.json"), text),
    "reading a heartbeat": () => readText(join(folder, "beat.json")),
    "a result, flushed": () => writer.append({ text }),
    "64 results at once, flushed together": () =>
      Promise.all(Array.from({ length: 64 }, () => writer.append({ text }))),
    "listing that folder": () => Promise.resolve(readdirSync(folder)),
  };
  const rows = [];
  for (const [step, work] of Object.entries(steps)) {
    const all: number[] = [];
    for (let time = 0; time < TIMES; time++) all.push(await timed(() => work(time)));
    all.sort((a, b) => a - b);
    rows.push({
      step,
      "median µs": 1000 * median(all),
      "95 % below µs": 1000 * all[Math.floor(TIMES * 0.95)]!,
    });
  }
  await writer.close();
  return {
    ...{ title: "Steps of the protocol on this disk", items: `${TIMES} times each`, commands: {} },
    ...{ figures: {}, rows },
  };
}
