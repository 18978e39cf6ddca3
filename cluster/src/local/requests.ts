import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type JobFolder, writeWhole } from "./folder.js";

/** What a client asks of a job's supervisor. The file stands until the request has been carried out. */
export interface Request {
  action: "cancel" | "requeue";
  tasks: string[];
}

/** @returns the request's path. */
export function post({ requests }: JobFolder, request: Request): string {
  const path = join(requests, `${String(Date.now()).padStart(15, "0")}-${randomUUID()}.json`);
  writeWhole(path, request);
  return path;
}

/** The oldest request that stands. */
export function oldest({ requests }: JobFolder): { path: string; request: Request } | undefined {
  const [name] = readdirSync(requests)
    .filter((entry) => entry.endsWith(".json"))
    .sort();
  if (name === undefined) return undefined;
  const path = join(requests, name);
  try {
    return { path, request: JSON.parse(readFileSync(path, "utf8")) as Request };
  } catch (error) {
    // Its author may withdraw it at any moment.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export function stands(path: string): boolean {
  return existsSync(path);
}

/** Takes a request away: carried out, or withdrawn. */
export function close(path: string): void {
  rmSync(path, { force: true });
}
