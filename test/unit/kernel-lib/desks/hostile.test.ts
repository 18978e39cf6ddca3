import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MockServer } from "../../../../cluster/src/mock-server/index.js";
import type { Comm } from "../../../../kernel-lib/src/kernel/comms.js";
import { kernelState } from "../../../../kernel-lib/src/kernel/state.js";
import "../../../../kernel-lib/src/desks/main.js";
import { DatasetService } from "../../../../kernel-lib/src/service/dataset-service.js";
import { promptLabDesk } from "../../../../kernel-lib/src/desks/prompt-lab/prompt-lab.js";
import { runsDesk } from "../../../../kernel-lib/src/desks/runs.js";
import { trialDesk } from "../../../../kernel-lib/src/desks/trials/trials.js";
import type { Reply } from "../../../../kernel-lib/src/views/link.js";
import * as shared from "../../../../kernel-lib/src/views/shared.js";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { asked, writeScores } from "../service/samples.js";

const SECRET = "what lies outside of the workspace";
const PROMPT = `${SECRET}\n\n{{image}}\n\n{{caption}}\n`;
const MINE = "Say it.\n\n{{image}}\n\n{{caption}}\n";
const RUN = "20260101T000000Z-recaption-abcdef";

let root: string;
let home: string;
let id: string;
let server: MockServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "figloom-hostile-"));
  home = join(root, "home");
  vi.spyOn(process, "cwd").mockReturnValue(home);
  server = await MockServer.start({ speed: 50 });
  vi.stubEnv("FIGLOOM_ENDPOINTS", server.url);
  const figures = await synthesize(join(home, "data"), { figures: 6 });
  id = figures[0]!.figure_id;
  await writeScores(join(home, "data"), "support", { [id]: 0.5 });
  await mkdir(join(home, "prompts"));
  await writeFile(join(home, "prompts", "mine.md"), MINE);
  await mkdir(join(root, "outside"));
  await writeFile(join(root, "outside", "secret.md"), PROMPT);
}, 120_000);
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await server.close();
  await rm(root, { recursive: true, force: true });
});

/** By the target's name: what a page opens it with, what it can ask, and a right question of each kind. */
const SERVICES: Record<string, { about: unknown; methods(): string[]; right(): Record<string, object> }> = {
  DATASET_TARGET: {
    about: { dataset: "data" },
    methods: () => Object.keys(DatasetService.of(join(home, "data")).desk(() => undefined).handlers),
    right: () => {
      const rows = asked({
        where: "width > 1",
        search: "a",
        sort: { column: "score.support@raw", descending: true },
      });
      const column = "score.support@raw";
      const range = { kind: "range", column, from: 0, to: 1 };
      return {
        about: {},
        rows,
        tiles: { ...rows, from: 0, count: 5 },
        locate: { ...rows, figure_id: id },
        cards: { figure_ids: [id] },
        ids: { ...rows, from: 0, count: 5 },
        duplicates: { figure_id: id },
        facets: { ...rows, column: "figure.discipline" },
        picture: { figure_id: id },
        select: { source: "test", label: "x", clause: range },
        selection: {},
        clearSelection: {},
        bins: { ...rows, column, scale: "linear", edges: [0, 0.5, 1], group: { column, value: "x" } },
        points: { ...rows, x: "figure.width", y: "figure.height", colour: "figure.discipline" },
        selectedPoints: rows,
        pointFigure: { ...rows, point: 0 },
        histogramView: { metric: "support" },
        mapView: { x: "figure.width", y: "figure.height", colour: "figure.discipline" },
        review: { figure_ids: [id], verdict: "accepted", addTags: ["a"], removeTags: ["b"] },
        undoReview: {},
        redoReview: {},
        reviewHistory: {},
        tags: {},
      };
    },
  },
  TRIALS_TARGET: {
    about: { dataset: "data" },
    methods: () => Object.keys(trialDesk(home, () => undefined).handlers),
    right: () => ({
      follow: { trial: "x" },
      judge: { figure_id: id, prompt_hash: "0123456789abcdef", model: "m", verdict: "kept" },
      verdicts: { prompt_hashes: ["0123456789abcdef"] },
      keep: { trial: "x", column: "y" },
    }),
  },
  PROMPT_LAB_TARGET: {
    about: {},
    methods: () => Object.keys(promptLabDesk(home, () => undefined).handlers),
    right: () => {
      const prompt = { name: "prompts/mine.md", source: MINE };
      const pick = { sample: 2, seed: 1, where: "width > 1", among: null };
      const way = { endpoint: null, model: null, temperature: null, repeats: 1 };
      const setting = { dataset: "data", pick, way };
      return {
        datasets: {},
        prompts: {},
        read: { name: "prompts/mine.md" },
        vocabulary: {},
        check: prompt,
        figures: { dataset: "data", pick },
        preview: { dataset: "data", figure_id: id, prompt },
        run: { ...setting, prompts: [prompt] },
        stop: { trial: "x" },
        place: prompt,
        keep: { ...prompt, trial: null },
        cell: { ...setting, prompts: ["prompts/mine.md"] },
      };
    },
  },
  RUN_TARGET: {
    about: {},
    methods: () => Object.keys(runsDesk(() => undefined).handlers),
    right: () => {
      const name = { dataset: "data", run: RUN };
      const log = { ...name, phase: "1-recaption", task: "w0" };
      return { runs: { datasets: ["data"] }, watch: name, pause: name, resume: name, cancel: name, log };
    },
  },
  SERVERS_TARGET: { about: {}, methods: () => ["servers"], right: () => ({ servers: {} }) },
};

/** Opens a service as a page does. What is asked on it is answered, or the test waits for ever. */
function open(name: string, about: unknown) {
  const target = (shared as unknown as Record<string, string>)[name]!;
  const waiting = new Map<unknown, (reply: Reply) => void>();
  const comm: Comm = {
    ...{ id: "hostile", target },
    send(reply) {
      const { id } = reply as { id?: unknown };
      // What cannot travel fails here.
      JSON.stringify(reply);
      waiting.get(id)?.(reply as Reply);
    },
    close() {},
  };
  void kernelState.targets.get(target)!.open(comm, about);
  let last = 0;
  return {
    send: (message: unknown) => comm.onMessage!(message),
    ask: (ask: unknown, argument: unknown) =>
      new Promise<Reply>((resolve) => {
        waiting.set(++last, resolve);
        void comm.onMessage!({ id: last, ask, argument });
      }),
    close: () => comm.onClose?.({}),
  };
}

let depth: unknown = "deep";
for (let i = 0; i < 2_000; i++) depth = [depth];

/** What a browser may send in place of anything. */
const junk = (): unknown[] => [
  undefined,
  null,
  true,
  NaN,
  Infinity,
  -1,
  0.5,
  1e308,
  2 ** 53,
  "",
  "x".repeat(1_000_000),
  "\u0000",
  "\ud800",
  "'; DROP TABLE figures; --",
  `") OR 1=1 --`,
  "1 = 1) UNION SELECT * FROM (VALUES (1)) t --",
  `EXISTS (FROM read_text('${join(root, "outside", "secret.md")}'))`,
  `EXISTS (FROM read_csv('${join(root, "outside", "*.md")}'))`,
  "(COPY figures TO '/tmp/x')",
  "getenv('HOME') = '/root'",
  "../outside/secret.md",
  "../outside",
  "prompts/../../outside/secret.md",
  join(root, "outside", "secret.md"),
  join(root, "outside"),
  "prompts/\u0000.md",
  "/dev/zero",
  "__proto__",
  "constructor",
  "score.support@raw'",
  [],
  {},
  [null],
  Array(100_001).fill("x"),
  depth,
  JSON.parse(`{"__proto__": {"harmed": 1}, "length": -1, "toString": 1}`),
];

let parts = 0;
/** Copies of a question in which one part is other than it should be: each part some of the others, in turn. */
function* broken(right: unknown, others: readonly unknown[]): Generator<unknown> {
  if (right === null || typeof right !== "object") return;
  for (const [key, value] of Object.entries(right)) {
    const part = parts++;
    const put = (other: unknown): unknown =>
      Array.isArray(right)
        ? right.map((one: unknown, i) => (String(i) === key ? other : one))
        : { ...right, [key]: other };
    for (const [i, other] of others.entries()) if (i % 4 === part % 4) yield put(other);
    for (const inner of broken(value, others)) yield put(inner);
  }
}

/** What in the workspace questions may change; also a lock's beats, which come and go by themselves. */
const writable =
  /\/home\/(?:[^/]+\.md$|prompts\/|data\/(?:reviews|prompts|trials|runs|recaptions|scores|quarantine|work)\b|data\/lock)/;

/** Path and content of all files outside of the workspace, and of those in it that no question may change. */
async function untouchable(): Promise<Record<string, string>> {
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = files.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  const hash = async (path: string): Promise<[string, string]> => [
    path,
    createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  ];
  return Object.fromEntries(await Promise.all(paths.filter((path) => !writable.test(path)).map(hash)));
}

test("every service that pages know stands here with all its methods", async () => {
  const targets = Object.keys(shared).filter((name) => name.endsWith("_TARGET"));
  expect(Object.keys(SERVICES).sort()).toEqual(targets.sort());
  expect([...kernelState.targets.keys()].sort()).toEqual(
    targets.map((name) => (shared as unknown as Record<string, string>)[name]!).sort(),
  );
  for (const { methods, right } of Object.values(SERVICES))
    expect(Object.keys(right()).sort()).toEqual(methods().sort());
});

describe.each(Object.keys(SERVICES))("%s", (name) => {
  const { about, right } = SERVICES[name]!;

  test("answers junk, or says in plain words what is wrong with it", async () => {
    const before = await untouchable();
    const page = open(name, about);
    const wrong: string[] = [];
    for (const [method, question] of Object.entries(right()))
      for (const argument of [...junk(), question, ...broken(question, junk())]) {
        const reply = (await page.ask(method, argument)) as { answer?: unknown; error?: LinkProblem };
        const problem = problemOf(reply);
        if (problem) wrong.push(`${method}(${String(JSON.stringify(argument)).slice(0, 200)}): ${problem}`);
      }
    await page.close();
    expect([...new Set(wrong)]).toEqual([]);
    expect(await untouchable()).toEqual(before);
    expect(({} as { harmed?: unknown }).harmed).toBeUndefined();
  }, 240_000);

  test("goes on after messages that are no questions", async () => {
    const page = open(name, about);
    for (const message of [
      null,
      1,
      "x",
      [],
      {},
      { cancel: 7 },
      { cancel: {} },
      { id: {}, ask: [], argument: 1 },
    ])
      await page.send(message);
    expect(await page.ask("nothing of the kind", {})).toMatchObject({ error: { kind: "defect" } });
    expect(await page.ask("__proto__", {})).toMatchObject({ error: { kind: "defect" } });
    const [method, question] = Object.entries(right())[0]!;
    expect(problemOf((await page.ask(method, question)) as never)).toBeNull();
    await page.close();
  });

  test("says what is wrong when it is opened with junk", async () => {
    const wrong: string[] = [];
    const [method, question] = Object.entries(right())[0]!;
    for (const one of junk())
      for (const given of [one, { dataset: one }]) {
        const page = open(name, given);
        const problem = problemOf((await page.ask(method, question)) as never);
        if (problem) wrong.push(`${String(JSON.stringify(given)).slice(0, 200)}: ${problem}`);
        await page.close();
      }
    expect(wrong).toEqual([]);
  });
});

test("a condition without an end is given up, and the dataset answers on", async () => {
  const { timeout } = AbortSignal;
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout(Math.min(ms, 500)));
  const page = open("DATASET_TARGET", { dataset: "data" });
  const where = "(SELECT count(*) FROM range(1000000000) a, range(1000000000) b) > 0";
  const [endless, other] = [page.ask("rows", asked({ where })), page.ask("rows", asked())];
  expect(await other).toMatchObject({ answer: { total: 6 } });
  expect(await endless).toMatchObject({ error: { kind: "configuration" } });
  await page.close();
}, 120_000);

interface LinkProblem {
  kind: string;
  message: string;
}

/** What is not right about a reply, `null` where it is an answer or says in plain words what was wrong. */
function problemOf({ answer, error }: { answer?: unknown; error?: LinkProblem }): string | null {
  const text = JSON.stringify(error ?? answer ?? null);
  if (text.includes(SECRET)) return `tells ${SECRET}`;
  if (!error) return null;
  if (error.kind !== "configuration") return `${error.kind}: ${error.message.slice(0, 300)}`;
  if (error.message.length > 5_000) return `says ${error.message.length} characters`;
  const code =
    /is not a function|of undefined|Cannot (?:read prop|destructure|use)|\n\s+at |ENOENT|EACCES|ERR_/.exec(
      error.message,
    );
  return code ? `says ${code[0]}: ${error.message.slice(0, 300)}` : null;
}
