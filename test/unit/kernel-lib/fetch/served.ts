import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readQuarantine } from "../../../../kernel-lib/src/dataset/quarantine.js";
import { fetchPapers, type FetchOptions, type FetchSelection } from "../../../../kernel-lib/src/lab/fetch.js";
import { ArxivServer, type ServedPaper } from "../../../fixtures/arxiv-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";

/** Seconds between two requests in these tests. */
export const PACE = 0.03;

/** Call it before each test: every one keeps the times of its requests in a folder of its own. */
export async function ownCache(): Promise<void> {
  process.env.FIGLOOM_CACHE = join(await freshFolder(), "cache");
}

/** Has a server closed when the test ends. */
export function closing<T extends { close(): Promise<void> }>(server: T): T {
  onTestFinished(() => server.close());
  return server;
}

export const startArxiv = async (papers: readonly ServedPaper[]) => closing(await ArxivServer.start(papers));

/** Fetches from a server as a cell does. */
export async function fetchFrom(
  server: ArxivServer,
  selection: FetchSelection,
  options: Partial<FetchOptions> & { out: string },
) {
  return fetchPapers(selection, { servers: server.addresses, pace: PACE, ...options });
}

/** The papers' files, without the folder's own. */
export async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => ![".fetch", "metadata.jsonl", "quarantine"].includes(name)).sort();
}

export async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export const metadataOf = (folder: string) => linesOf(join(folder, "metadata.jsonl"));

/** Reasons of the failures that stand, by paper. */
export async function reasonsOf(folder: string): Promise<Record<string, string>> {
  const lines = await readQuarantine(folder);
  return Object.fromEntries(lines.map(({ item, reason }) => [item, reason]));
}
