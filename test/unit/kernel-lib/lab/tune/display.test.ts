import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kernelState, type RunningCell } from "../../../../../kernel-lib/src/kernel/state.js";
import { FakeModel, pictured, prompt } from "./bench.js";

const terse = prompt("terse", "Briefly.");
const long = prompt("long", "and more words, 17 of them.");

/** A cell that keeps the HTML of what is shown under it, by display. */
class Cell implements RunningCell {
  readonly signal = new AbortController().signal;
  readonly displays = new Map<string, string[]>();
  listen() {}
  write() {}
  publish(_type: string, content: object) {
    const { data, transient } = content as {
      data: Record<string, string>;
      transient: { display_id: string };
    };
    const versions = this.displays.get(transient.display_id) ?? [];
    this.displays.set(transient.display_id, [...versions, data["text/html"] ?? ""]);
  }
  /** All versions of the matrix that stands there; of several, the last one's. */
  get matrix(): string[] {
    return [...this.displays.values()].filter(([first]) => first!.includes('class="matrix"')).at(-1)!;
  }
  get matrices(): number {
    return [...this.displays.values()].filter(([first]) => first!.includes('class="matrix"')).length;
  }
  run<T>(work: () => Promise<T>): Promise<T> {
    return kernelState.cells.run(this, work);
  }
}

let mended: string | null;
beforeEach(() => {
  mended = kernelState.mended;
  kernelState.mended = "1";
});
afterEach(() => {
  kernelState.mended = mended;
});

describe("in a notebook", () => {
  test("cells fill as answers are written, and stay as they are at the end", async () => {
    const [lab, on, cell] = [await pictured(), new FakeModel(), new Cell()];
    // Goes on as soon as the first piece of an answer is on display.
    on.pause = async () => {
      while (!cell.matrix.some((html) => html.includes("writing …")))
        await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const trial = await cell.run(() => lab.tune([terse], { on, sample: 3 }));
    expect(cell.matrix[0]).toContain("waiting …");
    expect(cell.matrix.at(-1)).not.toMatch(/waiting …|writing …/);
    expect(cell.matrix.at(-1)).toContain("Briefly");
    expect(kernelState.shown.has(trial)).toBe(true);
  }, 30_000);

  test("the matrix is drawn anew where it stands in its own cell, and once more in another", async () => {
    const [lab, on, cell, later] = [await pictured(), new FakeModel(), new Cell(), new Cell()];
    const trial = await cell.run(async () => {
      const trial = await lab.tune([long, terse], { on, sample: 3 });
      trial.matrix({ against: "raw" });
      return trial;
    });
    expect(cell.matrices).toBe(1);
    expect(cell.matrix.at(-1)).toContain("compared with the raw caption");
    await later.run(async () => trial.matrix({ against: terse, title: "Once more" }));
    expect(later.matrix).toHaveLength(1);
    expect(later.matrix[0]).toContain("compared with terse");
    expect(later.matrix[0]).toMatch(/<h3[^>]*>Once more<\/h3>/);
  });

  test("what was not asked before an interrupt is told from what was answered", async () => {
    const [lab, on, cell] = [await pictured(), new FakeModel(), new Cell()];
    const stop = new AbortController();
    on.pause = async (question, signal) => {
      if (question.startsWith("p1#")) return;
      stop.abort();
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
    };
    const options = { on, sample: ["p1#fig1", "p2#fig1"], signal: stop.signal };
    await expect(cell.run(() => lab.tune([terse], options))).rejects.toThrow(/Cancelled/);
    expect(cell.matrix.at(-1)).toContain("not asked");
    expect(cell.matrix.at(-1)).not.toContain("waiting …");
  });
});
