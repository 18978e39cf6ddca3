import { readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../disk/files.js";
import { workFolder } from "./places.js";

/** What can be asked of a run. */
export type RunRequest = "pause" | "resume" | "cancel";

const REQUESTS: readonly RunRequest[] = ["pause", "resume", "cancel"];

const fileOf = (dataset: string, run: string): string => join(workFolder(dataset, run), "request.json");

/** Asks something of a run in another process, which looks once a second; a later request takes an earlier one's place. */
export async function postRequest(dataset: string, run: string, request: RunRequest): Promise<void> {
  await writeWhole(fileOf(dataset, run), JSON.stringify({ request }));
}

/** What was asked since the last look, and takes it away; `null` where nothing was. */
export async function takeRequest(dataset: string, run: string): Promise<RunRequest | null> {
  const file = fileOf(dataset, run);
  if (!existsSync(file)) return null;
  try {
    const { request } = JSON.parse(await readFile(file, "utf8")) as { request: unknown };
    await rm(file, { force: true });
    return REQUESTS.find((known) => known === request) ?? null;
  } catch {
    return null;
  }
}
