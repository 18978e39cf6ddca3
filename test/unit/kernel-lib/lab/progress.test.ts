import { afterEach, describe, expect, test, vi } from "vitest";
import type { VisionModel } from "../../../../kernel-lib/src/captions/vision-model.js";
import type { Progress } from "../../../../kernel-lib/src/stages/stage.js";
import { liveProgress } from "../../../../kernel-lib/src/lab/progress.js";
import { doWork } from "../../../../kernel-lib/src/lab/work.js";

const progress: Progress = { stage: "recaption", done: 3, failed: 0, reused: 0, total: 9, seconds: 2 };

const { isTTY } = process.stderr;
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

/** What is written to standard error. */
function errors(terminal: boolean): string[] {
  process.stderr.isTTY = terminal;
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => (written.push(String(text)), true));
  return written;
}

describe("what happens meanwhile", () => {
  test("stands above the progress on a terminal, which is drawn again below it", () => {
    const written = errors(true);
    const live = liveProgress();
    live.report(progress);
    live.say("http://a died");
    live.end();
    expect(written).toEqual([
      "\r\x1b[Krecaption: 3 of 9, 1.5/s, 4.0 s left",
      "\r\x1b[Khttp://a died\nrecaption: 3 of 9, 1.5/s, 4.0 s left",
      "\r\x1b[K",
    ]);
  });

  test("is a line of the log where there is no terminal", () => {
    const written = errors(false);
    liveProgress().say("http://a died");
    expect(written).toEqual(["http://a died\n"]);
  });

  test("does nothing to the terminal, whatever a server says", () => {
    const written = errors(true);
    liveProgress().say("HTTP 500: \x1b[2Jgone\r\nall \u202egone");
    expect(written.join("")).toBe("\r\x1b[KHTTP 500: \ufffd[2Jgone all \ufffdgone\n");
  });
});

/** A model that nobody asks. */
const silent: VisionModel = {
  name: "m",
  usage: { requests: 0, prompt_tokens: 0, completion_tokens: 0 },
  ready: async () => undefined,
  captioner: () => Promise.reject(new Error("nobody asks")) as never,
  close: async () => undefined,
};

test("work shows what the models that it asks have to say, as long as it takes", async () => {
  const written = errors(false);
  const listeners = new Set<(text: string) => void>();
  const model = {
    ...silent,
    onNotice(listener: (text: string) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const work = async () => {
    for (const listener of listeners) listener("http://a takes requests again");
    return { quarantined: 0 };
  };
  await doWork({}, work, { verb: "try", models: [model, silent] });
  expect(written).toEqual(["http://a takes requests again\n"]);
  const broken = doWork({}, () => Promise.reject(new Error("broken")), {
    ...{ verb: "try", models: [model] },
  });
  await expect(broken).rejects.toThrow("broken");
  expect(listeners.size).toBe(0);
});
