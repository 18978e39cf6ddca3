/** Every view there is, each of its free texts being one and the same: what a paper, a prompt or a file name may hold. */
import { densityOf } from "../../kernel-lib/src/views/map-density.js";
import type { Anatomy } from "../../kernel-lib/src/views/anatomy.js";
import type { MapView } from "../../kernel-lib/src/views/map.js";
import type { MatrixColumn, MatrixView } from "../../kernel-lib/src/views/matrix.js";
import type { PageView } from "../../kernel-lib/src/views/page.js";
import type {
  CaptionText,
  DiffView,
  FigureCard,
  GalleryView,
  HistogramView,
} from "../../kernel-lib/src/views/protocol.js";
import { EVERYTHING } from "../../kernel-lib/src/views/query.js";
import type { RunState, RunView } from "../../kernel-lib/src/views/run.js";
import { distributionOf } from "./frame-of-values.js";

/**
 * Texts that do harm where they are taken for anything but text, by what they try. Those that run write to the document's
 * title.
 */
export const HOSTILE: Record<string, string> = {
  script: `<script>document.title=1</script><svg onload="document.title=1"><img src=x onerror="document.title=1">`,
  "attributes left by quotes": `" onerror="document.title=1" x='" autofocus onfocus=document.title=1 '`,
  "the javascript scheme": "javascript:document.title=1",
  "a data URL of HTML": "data:text/html,<script>document.title=1</script>",
  "the end of a style": `</style></section><script>document.title=1</script>`,
  "the end of a comment": "--><script>document.title=1</script><!--",
  "an end of CDATA": "]]><script>document.title=1</script>",
  "CSS that fetches": "red;background:url(https://evil.example/seen) } * { background: url(//evil.example) }",
  formulas: String.raw`$\href{javascript:document.title=1}{x}$ \(\require{html}\) $$\unicode{x3c}$$`,
  templates: "{{constructor.constructor('document.title=1')()}} ${document.title=1}",
  "overrides of direction": "safe\u202egnp.exe\u202c \u2066\u2067\u2068 x \u2069 \u200f",
  "letters from right to left": "שלום עולם",
  "lone surrogates": "a \ud800 b \udfff c",
  "control characters": "a\u0000b\u0007c\u0008\u007f\u009b31m",
  "terminal escapes": "\u001b[2J\u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007\u001b[31m\rover",
  "100,000 characters": "long ".repeat(20_000),
  "one word of 100,000 characters": "x".repeat(100_000),
  "a prototype": "__proto__",
  "a constructor": "constructor",
};

/** The smallest WebP there is: one pixel. */
const THUMB = "data:image/webp;base64,UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";
/** Stands for the hostile text in views that are made once. */
const MARK = "¤";

function caption(name: string, text: string): CaptionText {
  return {
    name,
    text: `${text} new`,
    unsupported: [{ span: [0, 1], reason: MARK }],
    scores: { [MARK]: 0.5, support: 0.25 },
    made: {
      ...{ captioner: MARK, prompt_id: MARK, prompt_hash: MARK, model: MARK },
      ...{ prompt_tokens: 1, completion_tokens: 2 },
    },
  };
}

const card: FigureCard = {
  figure_id: MARK,
  paper_id: MARK,
  paper_title: MARK,
  discipline: MARK,
  float: "figure",
  number: MARK,
  label: MARK,
  picture: { thumb: THUMB, path: MARK, width: 8, height: 6, missing: MARK },
  captions: [caption("raw", `${MARK} old`), caption(MARK, MARK)],
  panels: [{ number: MARK, caption: MARK }],
  contexts: [{ text: MARK, section: MARK, sentences: [[0, 1]] }],
  figure_text: { text: MARK, reader: MARK },
  flags: [{ name: MARK, reason: MARK }],
  provenance: MARK,
  verdict: "accepted",
  tags: [MARK],
  measurements: { [MARK]: 1 },
};
const without: FigureCard = { ...card, picture: { ...card.picture, thumb: MARK } };
const live = { dataset: MARK, query: { ...EVERYTHING, where: MARK, search: MARK } };
const gallery: GalleryView = { title: MARK, total: 2, cards: [card, without], live };
const diff: DiffView = { title: MARK, captions: ["raw", MARK], total: 2, cards: [card, without], live };

const page: PageView = {
  ...{ source: MARK, number: 1, pages: 2, width: 100, height: 100, picture: MARK },
  regions: [
    {
      ...{ figure_id: MARK, float: "figure", number: MARK, caption: MARK },
      ...{ box: [1, 2, 30, 40], captionBox: [1, 41, 30, 50], confidence: 0.5 },
    },
  ],
};
const anatomy: Anatomy = {
  ...{ card, environment: MARK, page },
  source: {
    ...{ file: MARK, line: 1, omitted: 0 },
    pieces: [
      { text: MARK, part: null },
      { text: MARK, part: "caption" },
      { text: MARK, part: "label" },
      { text: MARK, part: "file" },
    ],
  },
  panels: [{ number: MARK, caption: MARK, files: [MARK], picture: card.picture }],
};

const map: MapView = {
  title: MARK,
  how: MARK,
  x: { column: MARK, label: MARK },
  y: { column: MARK, label: MARK },
  colour: { column: MARK, label: MARK, scale: "category", rest: null },
  classes: [
    { name: MARK, count: 2 },
    { name: MARK, count: 1 },
  ],
  placed: 3,
  without: 1,
  density: densityOf(Float32Array.of(0, 1, 2), Float32Array.of(0, 1, 0), Uint8Array.of(0, 0, 1)),
  live,
};

const column = (name: string): MatrixColumn => ({
  ...{ name, about: MARK, prompt_hash: "0123456789abcdef", model: MARK },
  ...{ answers: 1, failed: 1, missing: 0, means: { words: 3, [MARK]: 0.5 }, agreement: 0.5 },
  deltas: { [MARK]: { mean: 0.1, interval: null, n: 2, papers: 1, note: MARK } },
});
const matrix: MatrixView = {
  ...{ title: MARK, note: MARK, against: MARK, seed: 1, dataset: MARK, trial: MARK, running: true, total: 1 },
  columns: [column(MARK), column(`${MARK} 2`)],
  rows: [
    {
      card: { ...card, captions: card.captions.slice(0, 1) },
      replies: [
        [
          { state: "answered", caption: caption(MARK, MARK), tokens: 1, seconds: 1 },
          { state: "asking", text: MARK },
        ],
        [
          { state: "failed", message: MARK, wayOut: MARK },
          { state: "answered", caption: caption(`${MARK} 2`, `${MARK} 2`), tokens: 1, seconds: 1 },
        ],
      ],
    },
  ],
};

const part = {
  ...{ stage: MARK, done: 1, failed: 1, failedBefore: 0, reused: 0, total: 9, seconds: 2 },
};
const state: RunState = {
  ...{ run: "20261121T143355Z-recaption-3f2a9c", dataset: MARK, verb: MARK, title: MARK, host: MARK, pid: 7 },
  ...{ process: null, status: "running", started: 1000, ended: null, heard: 3000, parts: [part, part] },
  ...{ note: MARK, usage: { prompt_tokens: 1, completion_tokens: 1, cost: 1 }, message: null },
  servers: [
    {
      ...{ name: MARK, health: MARK, inFlight: 1, running: 1, waiting: 0, cacheUsage: 0.5, perSecond: 1 },
    },
  ],
  engine: MARK,
  shards: [{ phase: MARK, total: 9, done: 1, atWork: 1, givenUp: 1 }],
  workers: [
    {
      ...{ worker: MARK, phase: MARK, task: MARK, restart: 1, host: MARK, status: MARK, note: MARK },
      ...{ done: 1, failed: 1, perSecond: 1, shards: [MARK] },
    },
  ],
  tasks: [{ phase: MARK, task: MARK, state: MARK, host: MARK, restarts: 1, said: MARK }],
  failures: [
    {
      ...{ reason: MARK, count: 1 },
      samples: [{ item: MARK, file: MARK, reason: MARK, message: MARK, way_out: MARK }],
    },
  ],
  notices: [{ at: 2000, text: MARK }],
  history: [
    [1, 1],
    [2, 2],
  ],
};
const run: RunView = { state, file: MARK };

const histogram = async (): Promise<HistogramView> => {
  const view = await distributionOf({
    ...{ title: MARK, metric: MARK, axis: MARK, series: { [MARK]: [1, 2, 3], other: [2, 3, 5] } },
    by: [MARK, MARK, "b"],
    shifts: { from: MARK, against: () => MARK },
  });
  return { ...view, live };
};

export interface Views {
  gallery: GalleryView;
  diff: DiffView;
  histogram: HistogramView;
  map: MapView;
  matrix: MatrixView;
  run: RunView;
  anatomy: Anatomy;
  page: PageView;
}

let made: Promise<string> | undefined;

/** Each view with a text wherever people, papers and models bring one; also as a key, as JSON brings it. */
export async function viewsWith(text: string): Promise<Views> {
  made ??= (async () =>
    JSON.stringify({ gallery, diff, histogram: await histogram(), map, matrix, run, anatomy, page }))();
  return JSON.parse((await made).replaceAll(MARK, JSON.stringify(text).slice(1, -1))) as Views;
}
