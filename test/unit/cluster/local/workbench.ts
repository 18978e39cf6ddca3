import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../../../cluster/bundle.mjs";
import type * as Cluster from "../../../../cluster/src/index.js";
import { JobFolder } from "../../../../cluster/src/local/folder.js";
import { latestClaim, liveness } from "../../../../kernel-lib/src/processes/index.js";
import { until } from "../../../support/until.js";

/** A folder with the bundled package in it, as it is shipped, and room for jobs and for the files of their tasks. */
export class Workbench {
  readonly path = mkdtempSync(join(tmpdir(), "figloom-local-"));
  readonly jobs = join(this.path, "jobs");
  readonly #handles: Cluster.JobHandle[] = [];

  async bundled(): Promise<typeof Cluster> {
    await bundle(this.path);
    return createRequire(import.meta.url)(this.index) as typeof Cluster;
  }

  get index(): string {
    return join(this.path, "index.cjs");
  }

  get supervisor(): string {
    return join(this.path, "supervisor.cjs");
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Lines that tasks have appended to one of their files. */
  lines(name: string): string[] {
    return existsSync(this.file(name)) ? readFileSync(this.file(name), "utf8").split("\n").slice(0, -1) : [];
  }

  /** Lets go of the tasks that {@link waitingFor} a file. */
  touch(name: string): void {
    appendFileSync(this.file(name), "");
  }

  /** A task that runs a shell script in the workbench. */
  shell(id: string, script: string, more: Partial<Cluster.Task> = {}): Cluster.Task {
    return { id, command: ["/bin/sh", "-c", script], cwd: this.path, ...more };
  }

  /** Has the job stopped at the end of the test. */
  keep(handle: Cluster.JobHandle): Cluster.JobHandle {
    this.#handles.push(handle);
    return handle;
  }

  async clear(engine: Cluster.Engine): Promise<void> {
    for (const handle of this.#handles.splice(0)) {
      await engine.cancel(handle);
      await until(() => supervisorOf(handle) === undefined);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

export const waitingFor = (file: string): string => `while [ ! -e ${file} ]; do sleep 0.05; done`;

/** Pid of the process that looks after a job now. */
export function supervisorOf({ folder }: Cluster.JobHandle): number | undefined {
  const holder = latestClaim(new JobFolder(folder).supervisors)?.holder;
  return holder && liveness(holder) === "alive" ? holder.pid : undefined;
}

/** `["a queued", "b running"]` */
export async function states(engine: Cluster.Engine, handle: Cluster.JobHandle): Promise<string[]> {
  return (await engine.status(handle)).map(({ id, state }) => `${id} ${state}`);
}
