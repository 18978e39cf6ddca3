import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { replaceWhole } from "../run/files.js";
import type { RunFolder } from "../run/places.js";
import type { RunPlan } from "../run/plan.js";
import { reportOn, type Ending } from "./report.js";
import { reportMarkdown } from "./report-text.js";

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
