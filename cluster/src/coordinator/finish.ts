import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { makeFolder, placeFirst, replaceWhole } from "../run/files.js";
import type { RunFolder } from "../run/places.js";
import type { RunPlan } from "../run/plan.js";
import type { Desk } from "./desk.js";
import { reportOn, type Ending } from "./report.js";
import { reportMarkdown } from "./report-text.js";

/** Says that a phase is done, and all of it in the dataset. Whoever says so first is believed. */
export async function finishPhase(desk: Desk, seconds: number): Promise<void> {
  const { folder, counts, planned, givenUp } = desk;
  const finished = {
    at: new Date().toISOString(),
    shards: planned?.shards ?? 0,
    givenUp,
    ...counts,
    seconds,
  };
  await makeFolder(folder.path);
  await placeFirst(folder.finished, JSON.stringify(finished));
  desk.isFinished = true;
}

/** Writes down how a run has ended, for people and for programs. */
export async function writeReport(run: RunFolder, plan: RunPlan, ending: Ending): Promise<void> {
  const report = await reportOn(run, plan, ending);
  await replaceWhole(run.report("md"), reportMarkdown(report), { flush: true });
  await replaceWhole(run.report("json"), `${JSON.stringify(report, null, 2)}\n`, { flush: true });
}

export const isReported = (run: RunFolder): boolean => existsSync(run.report("json"));

/** What had ended goes on. */
export async function withdrawReport(run: RunFolder): Promise<void> {
  for (const ending of ["json", "md"] as const) await rm(run.report(ending), { force: true });
}
