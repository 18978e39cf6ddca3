import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { ROOT } from "../../support/bundle-programs.js";

/**
 * The Python of `FIGLOOM_BENCH_PYTHON`, which has the reference's libraries.
 * @throws {TypeError} in words, where it is not given or lacks one of them
 */
export function benchPython(libraries: readonly string[]): string {
  const python = process.env["FIGLOOM_BENCH_PYTHON"];
  const way = `Set FIGLOOM_BENCH_PYTHON to a Python with: ${libraries.join(" ")}.`;
  if (!python) throw new TypeError(`The bench needs the reference's libraries. ${way}`);
  try {
    execFileSync(python, ["-c", `import ${libraries.join(", ")}`], { stdio: "ignore" });
  } catch {
    throw new TypeError(`${python} cannot import all of them. ${way}`);
  }
  return python;
}

/** Makes a model with one of the scripts beside the fixtures. */
export function makeModel(python: string, script: string, args: readonly string[]): void {
  execFileSync(python, [join(ROOT, "test/fixtures/models", script), ...args], {
    stdio: "ignore",
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
}

/** A Python program that stays: its first line tells of itself, and for each line that it is given it prints seconds. */
export class Reference {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    /** What it told of itself. */
    readonly about: Record<string, string | number>,
  ) {}

  static async start(python: string, script: string, args: readonly string[]): Promise<Reference> {
    const file = join(ROOT, "test/bench/score", script);
    const child = spawn(python, [file, ...args], { stdio: ["pipe", "pipe", "ignore"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) throw new Error(`${script} ended before it was ready`);
    return new Reference(child, lines, JSON.parse(first.value) as Record<string, string | number>);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** @returns seconds that the work took there */
  async seconds(work: string): Promise<number> {
    this.child.stdin!.write(`${work}\n`);
    const line = await this.lines.next();
    if (line.done === true) throw new Error(`the reference ended over ${work}`);
    return Number(line.value);
  }

  stop(): void {
    this.child.kill();
  }
}
