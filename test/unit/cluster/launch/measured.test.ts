import { appendFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { measuredRates } from "../../../../cluster/src/launch/measured.js";
import type { RateBasis } from "../../../../kernel-lib/src/stages/stage.js";
import type { RunRate } from "../../../../kernel-lib/src/views/run.js";
import { eventsFile } from "../../../../kernel-lib/src/work/places.js";

let dataset: string;
beforeEach(async () => void (dataset = await mkdtemp(join(tmpdir(), "figloom-measured-"))));
afterEach(() => rm(dataset, { recursive: true, force: true }));

const OCR: RateBasis = { stage: "ocr", by: "tesseract@1", unit: "processor", units: 8 };
const CAPTIONS: RateBasis = { stage: "recaption", by: "context@org/model", unit: "server", units: 8 };

/** A run of some day, with parts of a hundred results each unless it is said otherwise. */
async function ran(day: number, ...rates: (Partial<RunRate> & { made?: number })[]): Promise<string> {
  const run = `202611${String(day).padStart(2, "0")}T000000Z-ocr-3f2a9c`;
  await mkdir(join(dataset, "work", run), { recursive: true });
  const head = { run, dataset, verb: "ocr", title: "ocr", host: "h", pid: 1, process: null };
  const events = [
    { at: 1, event: "start", ...head },
    ...rates.map(({ made = 100, ...rate }, index) => ({
      ...{ at: 2, event: "progress", index, note: null, usage: null, reasons: {} },
      part: {
        ...{ stage: "text on figures", done: made + 5, failed: 5, failedBefore: 10, reused: 7, total: null },
        seconds: 1,
        rate: { ...OCR, unitSeconds: 50, startup: 0, ...rate },
      },
    })),
  ];
  await appendFile(eventsFile(dataset, run), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return run;
}

test("the newest run that has made enough of the same by the same is whose rate is taken", async () => {
  await ran(1, { unitSeconds: 10 });
  const run = await ran(2, { by: "ppocr" }, { unitSeconds: 400 });
  await ran(3, { made: 19 });
  await ran(4, { unit: "gpu" });
  await ran(5, { stage: "score" });
  await ran(6, { unitSeconds: 0 });
  expect(await measuredRates(dataset, [OCR, CAPTIONS])).toEqual([
    { run, by: "tesseract@1", made: 100, each: 0.25, startup: 0 },
    null,
  ]);
});

test("where a prompt is new, what its model did with another is the next best", async () => {
  const other = await ran(1, { ...CAPTIONS, by: "terse@org/model", startup: 300 });
  await ran(2, { ...CAPTIONS, by: "context@org/another" });
  const wanted = [CAPTIONS];
  expect(await measuredRates(dataset, wanted)).toMatchObject([{ run: other, by: "terse@org/model" }]);
  const same = await ran(0, CAPTIONS);
  expect(await measuredRates(dataset, wanted)).toMatchObject([{ run: same, by: "context@org/model" }]);
});

test("a run that cannot be read, or says nothing, hinders no launch", async () => {
  expect(await measuredRates(dataset, [OCR])).toEqual([null]);
  await mkdir(eventsFile(dataset, "20261108T000000Z-ocr-3f2a9c"), { recursive: true });
  const run = await ran(7, {});
  await appendFile(
    eventsFile(dataset, run),
    '{"at":3,"event":"progress","index":1,"part":{"rate":7}}\n{"half',
  );
  expect(await measuredRates(dataset, [OCR])).toMatchObject([{ run }]);
});
