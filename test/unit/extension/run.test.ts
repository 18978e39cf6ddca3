// @vitest-environment jsdom
import { drawContext, find, texts } from "./setup.js";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { drawRun } from "../../../extension/src/run/run.js";
import { drawRuns } from "../../../extension/src/runs/list.js";
import type { RunMethods, RunServiceEvents } from "../../../kernel-lib/src/views/run-service.js";
import { foldRuns, type RunEvent, type RunState } from "../../../kernel-lib/src/views/run.js";
import type { Emit } from "../../../kernel-lib/src/kernel/answer.js";
import { inProcessLink } from "../../support/in-process-link.js";

const EVIL = `<script>harmed = 1</script><img src=x onerror="harmed=1">`;
const RUN = "20261121T143355Z-recaption-3f2a9c";
const START: RunEvent = {
  ...{ at: Date.now(), event: "start", run: RUN, dataset: "/data/d", verb: "recaption" },
  ...{ title: "recaption with context", host: "here", pid: 7, process: null },
};
const status = (now: "running" | "paused"): RunEvent => ({ at: Date.now(), event: "status", status: now });
const END: RunEvent = { at: Date.now(), event: "end", status: "finished", message: "90 captions" };
const progress = (done: number, reasons: Record<string, number> = {}): RunEvent => ({
  ...{ at: Date.now(), event: "progress", index: 0, note: "1 of 1 servers", reasons },
  part: {
    ...{ stage: "recaption", done, failed: 0, failedBefore: 0, reused: 10, total: 100, seconds: done / 2 },
  },
  usage: { prompt_tokens: 123_456, completion_tokens: 7890, cost: 1.5 },
});
const failure = (item: string): RunEvent => ({
  at: Date.now(),
  event: "failure",
  failure: { item, file: "a", reason: "blurred", message: `${item} is blurred.`, way_out: "Draw it anew." },
});
const stateOf = (...events: RunEvent[]): RunState => foldRuns([START, ...events])!;

let node: HTMLElement;
beforeEach(() => {
  node = document.createElement("div");
  document.body.replaceChildren(node);
});

/** Draws a run that a kernel knows about; what is asked of it is noted, and answered with what it leads to. */
function drawLive(state: RunState, file: string | null = null) {
  let emit!: Emit<RunServiceEvents>;
  const asked: string[] = [];
  const said = (events: RunEvent[]) => emit("run", { run: RUN, events });
  const ask = (what: string, event: RunEvent) => () => {
    asked.push(what);
    said([event]);
    return true;
  };
  const link = inProcessLink<RunMethods, RunServiceEvents>((tell) => {
    emit = tell;
    return {
      handlers: {
        runs: () => [],
        watch: () => state,
        pause: ask("pause", status("paused")),
        resume: ask("resume", status("running")),
        log: ({ phase, task }) => ({ stdout: `${phase} ${task} works\n`, stderr: EVIL }),
        cancel: ask("cancel", { at: Date.now(), event: "end", status: "cancelled", message: "Cancelled." }),
      },
    };
  });
  const context = { ...drawContext(), connect: () => link as never };
  const redraw = drawRun({ state, file }, node, context);
  return { link, asked, said, redraw, context };
}
const button = (name: string) =>
  [...node.querySelectorAll("button")].find((each) => each.textContent === name && !each.closest("[hidden]"));

describe("a run that goes on", () => {
  test("shows how far it is, its rate, what is left, tokens and cost", async () => {
    drawLive(stateOf(status("running"), progress(20), progress(40)));
    expect(find(".figloom-title").textContent).toBe("recaption with context");
    expect(find<HTMLProgressElement>("progress").value).toBe(0.5);
    const facts = find("dl").textContent;
    expect(facts).toContain("Done50 of 100, 10 made before");
    expect(facts).toMatch(/Rate2\.0\/s2\.0\/s on average/);
    expect(facts).toMatch(/Left\d+–\d+ s/);
    expect(facts).toContain("123K asked, 7,890 answered");
    expect(facts).toContain("Cost1.50");
    await vi.waitFor(() => expect(button("Pause")).toBeDefined());
  });

  test("follows the kernel's events, and pauses and goes on at the press of a button", async () => {
    const { said, asked } = drawLive(stateOf(status("running"), progress(20)));
    await vi.waitFor(() => expect(button("Pause")).toBeDefined());
    said([progress(60)]);
    await vi.waitFor(() => expect(find<HTMLProgressElement>("progress").value).toBe(0.7));
    button("Pause")!.click();
    await vi.waitFor(() => expect(find(".figloom-run-status").textContent).toBe("paused"));
    button("Resume")!.click();
    await vi.waitFor(() => expect(find(".figloom-run-status").textContent).toBe("running"));
    expect(asked).toEqual(["pause", "resume"]);
  });

  test("asks once before it cancels, with the focus on No, and Escape leaves it", async () => {
    const { asked } = drawLive(stateOf(status("running"), progress(20)));
    await vi.waitFor(() => expect(button("Cancel")).toBeDefined());
    button("Cancel")!.click();
    expect(document.activeElement!.textContent).toBe("No");
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(document.activeElement!.textContent).toBe("Cancel");
    expect(asked).toEqual([]);
    button("Cancel")!.click();
    button("Yes, cancel")!.click();
    await vi.waitFor(() => expect(find(".figloom-run-status").textContent).toBe("cancelled"));
    expect(asked).toEqual(["cancel"]);
    expect(button("Pause")).toBeUndefined();
    expect(document.activeElement).toBe(find(".figloom-run-view"));
  });

  test("reads out how it is with it, and every quarter of the way", async () => {
    const { said } = drawLive(stateOf(status("running"), progress(20)));
    await vi.waitFor(() => expect(button("Pause")).toBeDefined());
    const read: string[] = [];
    const note = () => read.push(find("[role=status]").textContent);
    new MutationObserver(note).observe(find("[role=status]"), { childList: true, subtree: true });
    for (const done of [30, 40, 50, 90]) {
      said([progress(done)]);
      await vi.waitFor(() => expect(find<HTMLProgressElement>("progress").value).toBe((done + 10) / 100));
    }
    said([END]);
    await vi.waitFor(() => expect(find(".figloom-run-status").textContent).toBe("finished"));
    expect(read.map((text) => text.replace("recaption with context", ""))).toEqual([
      "running50 %",
      "running100 %",
      "finished",
    ]);
  });

  test("keeps open what was opened, and the focus, while it is drawn on", async () => {
    const { said } = drawLive(stateOf(status("running"), progress(20, { blurred: 1 }), failure("f1")));
    const details = [...node.querySelectorAll("details")].find(({ textContent }) =>
      /blurred/.test(textContent!),
    )!;
    expect(details.open).toBe(false);
    details.open = true;
    await vi.waitFor(() => expect(button("Pause")).toBeDefined());
    button("Pause")!.focus();
    said([failure("f2"), progress(30, { blurred: 2 })]);
    await vi.waitFor(() => expect(texts("summary")[0]).toBe("2 failed: blurred"));
    expect(node.contains(details) && details.open).toBe(true);
    expect(details.textContent).toContain("f2 is blurred. Draw it anew.");
    expect(document.activeElement).toBe(button("Pause"));
  });

  test("takes its last state from the output, when it comes there first", () => {
    const { redraw } = drawLive(stateOf(status("running"), progress(20)));
    redraw({ state: stateOf(status("running"), progress(90), END), file: null });
    expect(find(".figloom-run-status").textContent).toBe("finished");
    expect(find(".figloom-run-message").textContent).toBe("90 captions");
  });
});

describe("without a kernel", () => {
  test("it says of when it is, and nothing can be steered", () => {
    const state = stateOf(status("running"), progress(20));
    drawRun({ state, file: null }, node, drawContext());
    expect(texts(".figloom-note:not([hidden])")[0]).toMatch(/^This is how it was at /);
    expect(button("Pause")).toBeUndefined();
  });

  test("it reads the run's file, and the kernel when there is one again", async () => {
    const { link } = drawLive(stateOf(status("running"), progress(20)), "data/d/work/x/events.jsonl");
    const text = [START, status("running"), progress(50)].map((event) => JSON.stringify(event)).join("\n");
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response(text));
    link.become("gone");
    await vi.waitFor(() =>
      expect(texts(".figloom-note:not([hidden])")[0]).toMatch(/stands in the run’s file/),
    );
    expect(find<HTMLProgressElement>("progress").value).toBe(0.6);
    expect(fetched.mock.calls[0]![0]).toBe("/files/data/d/work/x/events.jsonl");
    link.become("live");
    await vi.waitFor(() => expect(button("Pause")).toBeDefined());
    expect(texts(".figloom-note:not([hidden])")).toEqual([]);
    fetched.mockRestore();
  });

  test("a run that has ended asks nobody", () => {
    const { link } = drawLive(stateOf(progress(90), END));
    expect(link.asked).toEqual([]);
    expect(texts(".figloom-note:not([hidden])")).toEqual([]);
    expect(button("Cancel")).toBeUndefined();
  });
});

test("hostile text stays text", () => {
  const evil = { item: EVIL, file: EVIL, reason: EVIL, message: EVIL, way_out: EVIL };
  const server = {
    name: EVIL,
    health: EVIL,
    inFlight: 1,
    running: 1,
    waiting: 1,
    cacheUsage: 1,
    perSecond: 1,
  };
  const state = stateOf(
    progress(20, { [EVIL]: 1 }),
    { at: 1, event: "failure", failure: evil },
    { at: 1, event: "notice", text: EVIL },
    { at: 1, event: "servers", servers: [server] },
  );
  drawRun({ state: { ...state, title: EVIL, note: EVIL }, file: null }, node, drawContext());
  expect(node.querySelector("script, img, [onerror]")).toBeNull();
  expect(node.textContent).toContain(EVIL);
});

describe("a run on many workers", () => {
  const START_SLURM: RunEvent = { ...START, engine: "slurm" } as RunEvent;
  const SHARDS: RunEvent = {
    ...{ at: Date.now(), event: "shards" },
    shards: [
      { phase: "1-recaption", total: 10, done: 6, atWork: 2, givenUp: 1 },
      { phase: "2-score", total: null, done: 0, atWork: 0, givenUp: 0 },
    ],
  };
  const WORKERS: RunEvent = {
    ...{ at: Date.now(), event: "workers" },
    workers: [
      {
        ...{
          worker: "w0.1.abc",
          phase: "1-recaption",
          task: "w0",
          restart: 1,
          host: "n3",
          status: "working",
        },
        ...{ note: null, done: 1234, failed: 2, perSecond: 12.3, shards: ["00000004"] },
      },
    ],
  };
  const TASKS: RunEvent = {
    ...{ at: Date.now(), event: "tasks" },
    tasks: [
      {
        ...{ phase: "1-recaption", task: "w0", state: "running", host: "n3", restarts: 1 },
        said: "works; started anew once",
      },
      {
        phase: "2-score",
        task: "w0",
        state: "queued",
        host: null,
        restarts: 0,
        said: "Waits for other jobs.",
      },
    ],
  };
  const launched = (...events: RunEvent[]): RunState => foldRuns([START_SLURM, ...events])!;
  const cells = () =>
    [...node.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));

  test("shows each phase's shards as a bar and in words", () => {
    drawLive(launched(status("running"), SHARDS));
    const rows = [...node.querySelectorAll<HTMLElement>(".figloom-run-shards > div")];
    expect(rows.map((row) => row.textContent)).toEqual([
      "1-recaption6 of 10 shards, 2 at work, 1 given up",
      "2-scorenot planned yet",
    ]);
    const widths = [...rows[0]!.querySelectorAll<HTMLElement>("[data-kind]")].map(({ style }) => style.width);
    expect(widths).toEqual(["60%", "20%", "10%"]);
  });

  test("shows the scheduler's word on a task beside its worker's", () => {
    drawLive(launched(status("running"), WORKERS, TASKS));
    expect(cells()).toEqual([
      ["1-recaption w0", "running", "n3", "working", "1,234, 2 failed", "12.3/s", "works; started anew once"],
      ["2-score w0", "queued", "–", "–", "–", "–", "Waits for other jobs."],
    ]);
  });

  test("a task's log is one press away, as text", async () => {
    drawLive(launched(status("running"), WORKERS, TASKS));
    await vi.waitFor(() => expect(button("1-recaption w0")).toBeDefined());
    button("1-recaption w0")!.focus();
    button("1-recaption w0")!.click();
    await vi.waitFor(() => expect(find("pre").textContent).toBe(`1-recaption w0 works\n\n${EVIL}`));
    expect(node.querySelector("script, img")).toBeNull();
    expect(document.activeElement).toBe(find("pre"));
    find("pre").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(document.activeElement).toBe(button("1-recaption w0"));
  });

  test("what has the focus keeps it while figures change", async () => {
    const { said } = drawLive(launched(status("running"), WORKERS, TASKS));
    await vi.waitFor(() => expect(button("1-recaption w0")).toBeDefined());
    const pressed = button("1-recaption w0")!;
    pressed.focus();
    const { workers } = WORKERS as Extract<RunEvent, { event: "workers" }>;
    said([{ ...WORKERS, workers: [{ ...workers[0]!, done: 2000 }] } as RunEvent]);
    await vi.waitFor(() => expect(cells()[0]).toContain("2,000, 2 failed"));
    expect(document.activeElement).toBe(pressed);
  });

  test("servers that workers took with them when they paused are not up", () => {
    const server = {
      ...{ name: "n1:8000", health: "up", inFlight: 0, running: 0, waiting: 0 },
      ...{ cacheUsage: null, perSecond: 0 },
    };
    const servers = { at: Date.now(), event: "servers", servers: [server] } as RunEvent;
    drawLive(launched(status("running"), servers));
    expect(node.textContent).toContain("1 of 1 servers up");
    drawLive(launched(status("running"), servers, status("paused")));
    expect(node.textContent).not.toContain("servers up");
  });

  test("one that is lost can be resumed, and then goes on", async () => {
    const lost: RunEvent = { at: Date.now(), event: "end", status: "lost", message: "No task is left." };
    const { asked } = drawLive(launched(status("running"), lost));
    await vi.waitFor(() => expect(button("Resume")).toBeDefined());
    expect(button("Cancel")).toBeUndefined();
    button("Resume")!.click();
    await vi.waitFor(() => expect(find(".figloom-run-status").textContent).toBe("running"));
    expect(asked).toEqual(["resume"]);
    expect(button("Pause")).toBeDefined();
    expect(button("Cancel")).toBeDefined();
  });

  test("one that has finished has nothing to be resumed", () => {
    drawLive(launched(status("running"), TASKS, END));
    for (const name of ["Resume", "Pause", "Cancel"]) expect(button(name)).toBeUndefined();
    expect(find(".figloom-run-message").textContent).toBe("90 captions");
  });
});

test("in the list of runs the focus goes from a button that leaves to the run's title", () => {
  const actions = { open() {}, pause() {}, resume() {} };
  drawRuns(node, [stateOf(status("running"), progress(20))], actions);
  button("Pause")!.focus();
  drawRuns(node, [stateOf(status("running"), progress(30))], actions);
  expect(document.activeElement).toBe(button("Pause"));
  drawRuns(node, [stateOf(progress(90), END)], actions);
  expect(button("Pause")).toBeUndefined();
  expect(document.activeElement).toBe(button("recaption with context"));
});
