/** Servers on neighbouring ports in one process, until they are told to stop or have all died. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError, errorText } from "figloom/errors";
import type { Faults } from "./faults.js";
import type { MockServerOptions } from "./options.js";
import { MockServer } from "./server.js";

export interface RunOptions extends Omit<MockServerOptions, "onExit"> {
  /** How many, on `port` and those after it. */
  count: number;
  /** Milliseconds until they listen. @default 0 */
  startupMilliseconds?: number;
}

export interface Fleet {
  endpoints: string[];
  /** Resolves when every server is gone because its engine died. */
  gone: Promise<void>;
  /** Stops them. @returns what they were asked, added up */
  stop(): Promise<{ requests: number; aborted: number; wrong_pictures: number }>;
}

/** @throws {ConfigurationError} for wrong options, and for a port that cannot be had */
export async function startServers({
  count,
  startupMilliseconds = 0,
  ...options
}: RunOptions): Promise<Fleet> {
  if (startupMilliseconds > 0) await sleep(startupMilliseconds);
  const servers: MockServer[] = [];
  let left = count;
  let allGone = () => {};
  const gone = new Promise<void>((resolve) => (allGone = resolve));
  const onExit = () => {
    if (--left === 0) allGone();
  };
  try {
    for (let at = 0; at < count; at++) {
      const port = options.port ? options.port + at : 0;
      servers.push(await MockServer.start({ ...options, port, onExit }));
    }
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()));
    if (error instanceof ConfigurationError || (error as NodeJS.ErrnoException).syscall !== "listen")
      throw error;
    throw new ConfigurationError(`${errorText(error)}: choose another --port.`);
  }
  return {
    endpoints: servers.map(({ url }) => url),
    gone,
    async stop() {
      await Promise.all(servers.map((server) => server.close()));
      const reports = servers.map((server) => server.report());
      const sum = (of: (report: (typeof reports)[number]) => number) =>
        reports.reduce((total, report) => total + of(report), 0);
      return {
        requests: sum(({ requests }) => requests),
        aborted: sum(({ aborted }) => aborted),
        wrong_pictures: sum(({ wrong_pictures_total }) => wrong_pictures_total),
      };
    },
  };
}

/** @throws {ConfigurationError} when the file cannot be read as JSON */
export async function readFaults(file: string): Promise<Faults> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Faults;
  } catch (error) {
    throw new ConfigurationError(`The faults of ${file} cannot be read: ${errorText(error)}.`);
  }
}
