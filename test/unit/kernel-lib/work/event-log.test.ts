import { appendFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { EventLog } from "../../../../kernel-lib/src/work/event-log.js";
import { EventsFile, readRun, readRuns } from "../../../../kernel-lib/src/work/events-file.js";
import { eventsFile, newRunName, workFolder } from "../../../../kernel-lib/src/work/places.js";
import type { RunEvent } from "../../../../kernel-lib/src/views/run.js";
import { freshFolder } from "../../../support/fresh-folder.js";

const RUN = newRunName("score", new Date(0));
const START: RunEvent = {
  ...{ at: 1, event: "start", run: RUN, dataset: null, verb: "score", title: "score" },
  ...{ host: "elsewhere", pid: 1, process: null },
};
const notice = (text: string): RunEvent => ({ at: 2, event: "notice", text });

async function dataset(): Promise<string> {
  const folder = await freshFolder();
  await writeFile(join(folder, "dataset.json"), "{}");
  return folder;
}

test("names of runs sort by age and say what was done", () => {
  const later = newRunName("check", new Date(1000));
  expect(RUN).toMatch(/^19700101T000000Z-score-[0-9a-f]{6}$/);
  expect([later, RUN].sort()).toEqual([RUN, later]);
});

test("nothing is written before there is a dataset, and then all of it", async () => {
  const folder = await freshFolder();
  const log = new EventLog(folder, RUN);
  log.write(START);
  await log.flush();
  expect(existsSync(join(folder, "work"))).toBe(false);
  await writeFile(join(folder, "dataset.json"), "{}");
  await log.close();
  expect(await readRun(folder, RUN)).toMatchObject({ title: "score", status: "starting" });
});

test("a full disk loses events, and nothing else; when there is room again the file is readable on", async () => {
  const folder = await dataset();
  const path = eventsFile(folder, RUN);
  await mkdir(dirname(path), { recursive: true });
  await symlink("/dev/full", path);
  const log = new EventLog(folder, RUN);
  log.write(START);
  await log.flush();
  await rm(path);
  await writeFile(path, `${JSON.stringify(START)}\n{"at":1,"event":"not`);
  log.write(notice("there is room"));
  await log.close();
  expect((await readRun(folder, RUN))!.notices).toEqual([{ at: 2, text: "there is room" }]);
});

test("a folder that cannot be made is no error either", async () => {
  const folder = await dataset();
  await writeFile(join(folder, "work"), "a file");
  const log = new EventLog(folder, RUN);
  log.write(START);
  await expect(log.close()).resolves.toBeUndefined();
});

test("what is read while it is being written comes once, and a half line when it is whole", async () => {
  const folder = await dataset();
  const path = eventsFile(folder, RUN);
  await mkdir(dirname(path), { recursive: true });
  const file = new EventsFile(folder, RUN);
  expect(await file.next()).toBeNull();
  const line = JSON.stringify(notice("half"));
  await writeFile(path, `${JSON.stringify(START)}\n${line.slice(0, 9)}`);
  expect(await file.next()).toEqual([START]);
  expect(await file.next()).toEqual([]);
  await appendFile(path, `${line.slice(9)}\n`);
  expect(await file.next()).toEqual([notice("half")]);
});

test("a long run is listed from its start and its end", async () => {
  const folder = await dataset();
  const path = eventsFile(folder, RUN);
  await mkdir(dirname(path), { recursive: true });
  const notices = Array.from({ length: 20_000 }, (_, i) => JSON.stringify(notice(`notice ${i}`)));
  const end = JSON.stringify({ at: 9, event: "end", status: "finished", message: "done" });
  await writeFile(path, `${[JSON.stringify(START), ...notices, end].join("\n")}\n`);
  expect(await readRuns(folder)).toMatchObject([{ title: "score", status: "finished", message: "done" }]);
});

test("folders that are no run's, and files that are none of ours, are passed over", async () => {
  const folder = await dataset();
  await mkdir(join(folder, "work", "..hidden"), { recursive: true });
  await mkdir(workFolder(folder, RUN), { recursive: true });
  expect(await readRuns(folder)).toEqual([]);
  await writeFile(eventsFile(folder, RUN), "\u0000\u0001 not JSON\n".repeat(100));
  expect(await readRuns(folder)).toEqual([]);
  expect((await readFile(eventsFile(folder, RUN))).length).toBeGreaterThan(0);
});
