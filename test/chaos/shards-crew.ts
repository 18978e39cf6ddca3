/** Workers on shards as processes that are killed and stopped, and what must hold of what they leave. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { doneShards } from "../../cluster/src/run/done.js";
import { resultFiles } from "../../cluster/src/run/finish.js";
import { latestLease } from "../../cluster/src/run/leases.js";
import { RunFolder } from "../../cluster/src/run/places.js";
import { readPlan, writePlan } from "../../cluster/src/run/plan-file.js";
import { isRefused, itemsOf, PHASE, type ShardsOptions } from "./shards-rules.js";

export class Crew {
  readonly run: RunFolder;
  readonly evidence: string;
  readonly #members = new Map<
    string,
    { child: ChildProcess; ended: Promise<void>; restart: number; stopped: boolean }
  >();

  constructor(
    folder: string,
    private readonly program: string,
    private readonly options: Omit<ShardsOptions, "task" | "restart" | "isElsewhere">,
  ) {
    this.run = new RunFolder(join(folder, "run"));
    this.evidence = join(folder, "evidence");
    mkdirSync(this.evidence);
  }

  plan(shards: number, items: number): Promise<void> {
    const ids = Array.from({ length: shards }, (_, i) => String(i + 1).padStart(8, "0"));
    return writePlan(
      this.run.phase(PHASE),
      ids.map((id) => ({ id, items, range: { start: 0, end: items } })),
    );
  }

  /** Starts a task, or starts it again. Every other one is as if on another machine. */
  start(task: string): void {
    const restart = (this.#members.get(task)?.restart ?? -1) + 1;
    const { seed } = this.options;
    const isElsewhere = task.charCodeAt(task.length - 1) % 2 === 1;
    const options: ShardsOptions = {
      ...this.options,
      task,
      restart,
      isElsewhere,
      seed: seed + restart * 100 + Number(task),
    };
    const child = spawn(
      process.execPath,
      [this.program, this.run.path, this.evidence, JSON.stringify(options)],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    this.#members.set(task, { child, ended, restart, stopped: false });
  }

  /** Tasks of workers that hold a shard just now and are not stopped. */
  async working(): Promise<string[]> {
    const held = await this.#holders();
    return [...this.#members]
      .filter(
        ([task, { child, restart, stopped }]) =>
          child.exitCode === null && !stopped && held.has(`${task}.${restart}`),
      )
      .map(([task]) => task);
  }

  async kill(task: string): Promise<void> {
    const { child, ended } = this.#members.get(task)!;
    child.kill("SIGKILL");
    await ended;
  }

  stop(task: string): void {
    const member = this.#members.get(task)!;
    member.child.kill("SIGSTOP");
    member.stopped = true;
  }

  /** Lets those that were stopped go on once others have taken over what they held, or nothing is held any more. */
  async resumeLosers(): Promise<void> {
    const held = await this.#holders();
    for (const [task, member] of this.#members)
      if (member.stopped && !held.has(`${task}.${member.restart}`)) {
        member.child.kill("SIGCONT");
        member.stopped = false;
      }
  }

  /** Items that came to an end, as the workers say. */
  ended(): number {
    return this.words().filter(([word]) => word === "kept" || word === "refused").length;
  }

  async isOver(): Promise<boolean> {
    const phase = this.run.phase(PHASE);
    const plan = (await readPlan(phase))!;
    return (await doneShards(phase)).size === plan.length;
  }

  /** Waits until everybody has ended. */
  async rest(): Promise<void> {
    await Promise.all([...this.#members.values()].map(({ ended }) => ended));
  }

  end(): void {
    for (const { child } of this.#members.values()) child.kill("SIGKILL");
  }

  words(): string[][] {
    return readdirSync(this.evidence)
      .filter((name) => name !== "errors.log")
      .flatMap((name) => readFileSync(join(this.evidence, name), "utf8").split("\n").slice(0, -1))
      .map((line) => line.split(" "));
  }

  async #holders(): Promise<Set<string>> {
    const folder = this.run.phase(PHASE);
    const shards = (await readPlan(folder))!;
    const latest = await Promise.all(shards.map(({ id }) => latestLease(folder.leases(id))));
    return new Set(latest.flatMap((lease) => lease?.holder?.worker ?? []));
  }
}

/** What must hold, whatever befell the workers. */
export async function expectRight(run: RunFolder, evidence: string, words: string[][]): Promise<void> {
  const errors = join(evidence, "errors.log");
  expect(existsSync(errors) ? readFileSync(errors, "utf8") : "").toBe("");
  const phase = run.phase(PHASE);
  const plan = (await readPlan(phase))!;
  const done = await doneShards(phase);
  expect([...done.keys()].sort()).toEqual(plan.map(({ id }) => id));
  const kept = new Map<string, number>();
  for (const [word, , item, attempt] of words)
    if (word === "kept" || word === "refused") {
      expect(kept.has(item!), `${item} kept twice`).toBe(false);
      kept.set(item!, Number(attempt));
    }
  for (const [word, , item, attempt] of words)
    if (word === "begun") expect(Number(attempt)).toBeLessThanOrEqual(kept.get(item!) ?? Infinity);

  for (const { id, items } of plan) {
    const marker = done.get(id)!;
    const won = words
      .filter(([word, shard]) => word === "won" && shard === id)
      .map(([, , attempt]) => Number(attempt));
    // Whoever was killed between its commit and its word of it has said nothing.
    expect(won.length).toBeLessThanOrEqual(1);
    for (const attempt of won) expect(attempt).toBe(marker.attempt);
    const { results, settled } = await resultFiles(phase, marker);
    const entries = readLines<{ item: string; attempt: number }>(results);
    const problems = readLines<{ of: string }>(settled);
    const all = itemsOf(id, items);
    expect(entries.map(({ item }) => item).sort()).toEqual(all.filter((item) => !isRefused(item)).sort());
    expect(problems.map(({ of }) => of).sort()).toEqual(all.filter(isRefused).sort());
    // What an attempt was told to be kept is what everybody reads.
    for (const { item, attempt } of entries) if (kept.has(item)) expect(attempt, item).toBe(kept.get(item));
  }
}

function readLines<T>(path: string | null): T[] {
  if (path === null) return [];
  const text = readFileSync(path, "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}
