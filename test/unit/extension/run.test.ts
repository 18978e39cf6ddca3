// @vitest-environment jsdom
import { drawContext, find, texts } from "./setup.js";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { drawRun } from "../../../extension/src/run/run.js";
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
    expect(facts).toMatch(/Rate2\.0\/s now, 2\.0\/s on average/);
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
