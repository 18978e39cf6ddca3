/** Servers of a test: real child processes, most of them imitations of vLLM. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  startServers,
  serveScript,
  type NodeServers,
  type OwnServing,
  type StartOptions,
} from "../../../../cluster/src/servers/index.js";
import { identify } from "../../../../kernel-lib/src/processes/index.js";
import { bundlePrograms } from "../../../support/bundle-programs.js";

export const MODEL = "qwen3-vl";

export class ServersBench {
  readonly path = mkdtempSync(join(tmpdir(), "figloom-servers-"));
  readonly #running: NodeServers[] = [];
  #programs = "";

  /** @param name of the folder for programs: one of its own for each file of tests */
  constructor(readonly name: string) {}

  async prepare(): Promise<void> {
    this.#programs = await bundlePrograms(this.name, {
      mock: "cluster/src/mock-server/program.ts",
      worker: "test/support/servers-program.ts",
    });
  }

  program(name: "mock" | "worker"): string {
    return join(this.#programs, `${name}.cjs`);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  touch(name: string): void {
    appendFileSync(this.file(name), "");
  }

  lines(name: string): string[] {
    return existsSync(this.file(name)) ? readFileSync(this.file(name), "utf8").trim().split("\n") : [];
  }

  /** A script that does something of its own before it becomes the imitation, or instead. */
  script(name: string, before: string): string {
    const path = this.file(name);
    writeFileSync(path, `#!/bin/sh\ncd ${this.path}\n${before}\nexec sh ${serveScript("mock")}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  serving(more: Partial<OwnServing> = {}): OwnServing {
    return { model: MODEL, script: serveScript("mock"), gpusEach: 1, patience: 60, ...more };
  }

  env(gpus: string): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, CUDA_VISIBLE_DEVICES: gpus, FIGLOOM_MOCK: this.program("mock") };
  }

  /** @param gpus as CUDA_VISIBLE_DEVICES */
  async start(
    gpus: string,
    serving: Partial<OwnServing> = {},
    options: Partial<StartOptions> = {},
  ): Promise<NodeServers> {
    const { signal } = new AbortController();
    const logs = join(this.path, "logs");
    const env = this.env(gpus);
    const servers = await startServers(this.serving(serving), {
      ...{ folder: this.path, logs, env, signal },
      ...options,
    });
    this.#running.push(servers);
    return servers;
  }

  /** Ends what the test has started. */
  async clear(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((servers) => servers.stop(0)));
    for (const name of ["logs", "trace"]) rmSync(this.file(name), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export const isAlive = (pid: number): boolean => identify(pid) !== undefined;

export async function modelAt(endpoint: string): Promise<string> {
  const answer = (await (await fetch(`${endpoint}/v1/models`)).json()) as { data: { id: string }[] };
  return answer.data[0]!.id;
}
