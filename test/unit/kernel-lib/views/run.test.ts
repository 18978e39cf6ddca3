import { describe, expect, test } from "vitest";
import { readEvents } from "../../../../kernel-lib/src/views/run-events.js";
import {
  canGoOn,
  foldRuns,
  RUN_LIMITS,
  type RunEvent,
  type RunPart,
  type RunState,
} from "../../../../kernel-lib/src/views/run.js";
import {
  leftText,
  ratesOf,
  rateText,
  runLine,
  runShare,
  secondsLeft,
  taskRows,
} from "../../../../kernel-lib/src/views/run-wording.js";
import { runHtml, runText } from "../../../../kernel-lib/src/views/twins/run.js";

const EVIL = `<script>harmed = 1</script><img src=x onerror="harmed=1">\u202e`;
const START: RunEvent = {
  ...{ at: 1000, event: "start", run: "20261121T143355Z-recaption-3f2a9c", dataset: "/data/d" },
  ...{ verb: "recaption", title: "recaption with context", host: "here", pid: 7, process: null },
};
const part = (over: Partial<RunPart> = {}): RunPart => ({
  ...{ stage: "recaption", done: 0, failed: 0, failedBefore: 0, reused: 0, total: 100, seconds: 0 },
  ...over,
});
const progress = (over: Partial<RunPart>, index = 0, reasons: Record<string, number> = {}): RunEvent => ({
  ...{ at: 1000 + 1000 * (over.seconds ?? 0), event: "progress", index, part: part(over) },
  ...{ note: null, usage: null, reasons },
});
const failure = (item: string, reason = "odd"): RunEvent => ({
  at: 3000,
  event: "failure",
  failure: { item, file: "a.tex", reason, message: `${item} is odd.`, way_out: "Add one." },
});
const folded = (...events: RunEvent[]): RunState => foldRuns([START, ...events])!;

describe("what is known of a run", () => {
  test("is nothing before its start", () => {
    expect(foldRuns([progress({ done: 1 })])).toBeNull();
  });

  test("goes from start to end, with what was said and used meanwhile", () => {
    const state = folded(
      { at: 1100, event: "status", status: "running" },
      progress({ done: 3, seconds: 2 }),
      { at: 3500, event: "notice", text: "http://a died" },
      { at: 4000, event: "end", status: "finished", message: "3 captions" },
    );
    expect(state).toMatchObject({ status: "finished", started: 1000, ended: 4000, message: "3 captions" });
    expect(state.parts).toEqual([part({ done: 3, seconds: 2 })]);
    expect(state.notices).toEqual([{ at: 3500, text: "http://a died" }]);
  });

  test("keeps the parts of work that has several, each with its figures", () => {
    const state = folded(
      progress({ stage: "measure", done: 50, seconds: 5 }),
      progress({ stage: "measure", done: 100, seconds: 9 }),
      progress({ stage: "compare", done: 2, seconds: 1 }, 1),
    );
    expect(state.parts.map(({ stage, done }) => [stage, done])).toEqual([
      ["measure", 100],
      ["compare", 2],
    ]);
    expect(state.history).toEqual([[1, 2]]);
  });

  test("counts failures by reason, most frequent first, and keeps the first samples of each", () => {
    const many = Array.from({ length: 30 }, (_, i) => failure(`f${i}`));
    const state = folded(
      failure("x", "rare"),
      ...many,
      progress({ failed: 1001 }, 0, { rare: 1, odd: 1000 }),
    );
    expect(state.failures.map(({ reason, count, samples }) => [reason, count, samples.length])).toEqual([
      ["odd", 1000, RUN_LIMITS.samples],
      ["rare", 1, 1],
    ]);
  });

  test("does not grow with its length", () => {
    const events = Array.from({ length: 20_000 }, (_, i) => [
      progress({ done: i, total: null, seconds: i }),
      { at: i, event: "notice", text: `notice ${i}` } as const,
    ]).flat();
    const state = folded(...events);
    expect(state.history.length).toBeLessThanOrEqual(RUN_LIMITS.history);
    expect(state.notices).toHaveLength(RUN_LIMITS.notices);
    expect(ratesOf(state)!.mean).toBeCloseTo(1, 5);
  });
});

describe("lines of a file of events", () => {
  const lines = (...events: unknown[]) => events.map((event) => JSON.stringify(event)).join("\n");

  test("are read back as they were written", () => {
    const events = [
      START,
      { at: 2, event: "status", status: "running" },
      {
        ...progress({ done: 1 }, 0, { odd: 1 }),
        usage: { prompt_tokens: 1, completion_tokens: 2, cost: 0.5 },
      },
      failure("f"),
      { at: 4, event: "end", status: "cancelled", message: "Cancelled." },
    ];
    expect(readEvents(lines(...events))).toEqual(events);
  });

  test("are passed over where they are torn, unknown or nonsense", () => {
    const torn = lines(START).slice(0, -20);
    const nonsense = [
      1,
      null,
      [],
      {},
      { event: "end" },
      { at: 1, event: "toString" },
      { at: 1, event: "dance" },
    ];
    const wrong = [
      { at: 1, event: "status", status: "ended" },
      { at: 1, event: "end", status: "running" },
    ];
    expect(readEvents(`${torn}\n${lines(...nonsense, ...wrong)}\n${lines(START)}`)).toEqual([START]);
  });

  test("give numbers and texts of bounded size, whatever stands there", () => {
    const raw = { at: 5, event: "progress", index: -1, part: { done: "many", total: -4 }, note: 7 };
    expect(readEvents(lines(raw))[0]).toMatchObject({ index: 0, part: { done: 0, total: null }, note: null });
    const [notice] = readEvents(lines({ at: 5, event: "notice", text: "x".repeat(100_000) }));
    expect((notice as { text: string }).text).toHaveLength(2000);
  });
});

describe("how long it takes", () => {
  const steady = (perSecond: number, seconds: number, total = 1000) =>
    folded(
      { at: 1000, event: "status", status: "running" },
      ...Array.from({ length: seconds }, (_, i) =>
        progress({ done: perSecond * (i + 1), total, seconds: i + 1 }),
      ),
    );

  test("is told from the last minute and from the whole, and what was there before takes none", () => {
    const state = folded(
      progress({ reused: 500, done: 10, seconds: 100 }),
      progress({ reused: 500, done: 110, seconds: 200 }),
    );
    expect(ratesOf(state)).toEqual({ recent: 1, mean: 0.55, items: 100 });
  });

  test("is a range, narrower with more items, and holds the time at the rate there is", () => {
    const [few, many] = [secondsLeft(steady(1, 9))!, secondsLeft(steady(10, 60))!];
    expect(few.from).toBeLessThan(991);
    expect(few.to).toBeGreaterThan(991);
    expect(many.from).toBeLessThan(40);
    expect(many.to).toBeGreaterThan(40);
    expect(many.to / many.from).toBeLessThan(few.to / few.from);
  });

  test("is not told too early, without a total, or when all is done", () => {
    expect(secondsLeft(steady(1, 3))).toBeNull();
    expect(secondsLeft(folded(progress({ done: 50, total: null, seconds: 5 })))).toBeNull();
    expect(secondsLeft(steady(10, 100))).toBeNull();
  });

  test("is said in one unit", () => {
    expect(leftText({ from: 3, to: 8 })).toBe("3–8 s left");
    expect(leftText({ from: 118, to: 241 })).toBe("2–4 min left");
    expect(leftText({ from: 20, to: 100 })).toBe("less than 2 min left");
    expect(leftText({ from: 7100, to: 7300 })).toBe("about 2 h left");
    expect([rateText(250), rateText(3.21), rateText(0.1), rateText(0.001)]).toEqual([
      "250/s",
      "3.2/s",
      "6.0/min",
      "3.6/h",
    ]);
  });
});

describe("the twins", () => {
  test("say first how it ended, or where it stands", () => {
    const running = folded(
      { at: 1000, event: "status", status: "running" },
      progress({ done: 30, reused: 20, failed: 1, seconds: 10 }),
    );
    expect(runShare(running)).toBe(0.51);
    expect(runText({ state: running, file: null }).split("\n")[0]).toBe(runLine(running));
    expect(runLine(running)).toMatch(
      /^recaption: 51 of 100, 20 made before, 1 failed, 3\.1\/s, \d+–\d+ s left$/,
    );
    const ended = foldRuns(
      [{ at: 2000, event: "end", status: "finished", message: "30 captions" }],
      running,
    )!;
    expect(runText({ state: ended, file: null })).toMatch(/^30 captions$/m);
  });

  test("show servers while it runs, and failures with reason, sample and way out", () => {
    const server = { name: "http://a:8000", health: "up", inFlight: 12, running: 10, waiting: 2 };
    const state = folded(
      progress({ failed: 2, seconds: 10 }, 0, { odd: 2 }),
      { at: 3000, event: "servers", servers: [{ ...server, cacheUsage: 0.42, perSecond: 3.4 }] },
      failure("p#fig1"),
    );
    const html = runHtml({ state, file: null });
    expect(html).toMatch(/<th[^>]*>http:\/\/a:8000<\/th>/);
    expect(html).toMatch(/<td[^>]*>42 %<\/td>/);
    expect(html).toContain("2 failed: odd");
    expect(html).toContain("p#fig1 is odd. Add one.");
    expect(runText({ state, file: null })).toContain("2 × odd: p#fig1 is odd.");
  });

  test("keep hostile text text", () => {
    const state = folded(
      { at: 2, event: "notice", text: EVIL },
      { ...progress({ stage: EVIL, failed: 1, seconds: 1 }, 0, { [EVIL]: 1 }), note: EVIL } as RunEvent,
      {
        at: 3,
        event: "failure",
        failure: { item: EVIL, file: EVIL, reason: EVIL, message: EVIL, way_out: EVIL },
      },
      { at: 4, event: "servers", servers: [] },
      { at: 5, event: "end", status: "failed", message: EVIL },
    );
    const hostile = { ...state, title: EVIL };
    expect(runHtml({ state: hostile, file: null })).not.toMatch(/<script|<img|\u202e/);
    expect(runText({ state: hostile, file: null })).not.toContain("\u202e");
  });
});

describe("a run on many workers", () => {
  const shards = { phase: "1-score", total: 4, done: 1, atWork: 1, givenUp: 0 };
  const worker = {
    ...{ worker: "w0.0.a", phase: "1-score", task: "w0", restart: 0, host: "n1", status: "working" },
    ...{ note: "waits", done: 3, failed: 0, perSecond: 2, shards: ["00000001"] },
  };
  const task = { phase: "1-score", task: "w0", state: "running", host: "n1", restarts: 0, said: "works" };
  const events: RunEvent[] = [
    { ...START, engine: "slurm" } as RunEvent,
    { at: 1, event: "shards", shards: [shards] },
    { at: 1, event: "workers", workers: [worker] },
    { at: 1, event: "tasks", tasks: [task] },
  ];

  test("its events are read as they were written", () => {
    expect(readEvents(events.map((event) => JSON.stringify(event)).join("\n"))).toEqual(events);
    expect(readEvents(`{"at":1,"event":"workers","workers":[7,{"worker":[]}]}`)).toMatchObject([
      {
        workers: [
          { worker: "", done: 0 },
          { worker: "", shards: [] },
        ],
      },
    ]);
  });

  test("of a task's workers the latest counts, and one whose task nobody told of stands by itself", () => {
    const again = { ...worker, restart: 1, host: "n2", done: 7 };
    const other = { ...worker, task: "w1", note: "nothing is left for it" };
    const rows = taskRows({ tasks: [task], workers: [again, worker, other] });
    expect(rows.map(({ name, cells }) => [name, ...cells])).toEqual([
      ["1-score w0", "running", "n1", "working", "7", "2.0/s", "works"],
      ["1-score w1", "–", "n1", "working", "3", "2.0/s", "nothing is left for it"],
    ]);
  });

  test("a worker at work counts before one that left, though that was started anew more often", () => {
    const left = { ...worker, restart: 2, status: "left", done: 9 };
    const [row] = taskRows({ tasks: [task], workers: [worker, left] });
    expect(row!.cells.slice(2, 4)).toEqual(["working", "3"]);
  });

  test("resumed, it has not ended any more", () => {
    const ended = foldRuns([...events, { at: 5, event: "end", status: "cancelled", message: "Cancelled." }])!;
    expect(canGoOn(ended)).toBe(true);
    const again = foldRuns([{ at: 9, event: "status", status: "starting" }], ended)!;
    expect(again).toMatchObject({ status: "starting", ended: null, message: null });
    expect(canGoOn(foldRuns([{ at: 5, event: "end", status: "finished", message: "" }], again)!)).toBe(false);
  });

  test("its twins say how shards and tasks stand", () => {
    const view = { state: foldRuns(events)!, file: null };
    expect(runText(view)).toContain("1-score: 1 of 4 shards, 1 at work");
    expect(runHtml(view)).toContain("1-score: 1 of 4 shards, 1 at work");
    expect(runHtml(view)).toContain(">1-score w0</th>");
  });
});
