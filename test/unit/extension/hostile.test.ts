// @vitest-environment jsdom
import { drawContext } from "./setup.js";
import type { JupyterFrontEnd } from "@jupyterlab/application";
import { IRenderMimeRegistry, MimeModel, RenderMimeRegistry } from "@jupyterlab/rendermime";
import { Widget } from "@lumino/widgets";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DatasetBrowser } from "../../../extension/src/dataset/browser.js";
import { DATASET_VIEWS } from "../../../extension/src/dataset/views.js";
import plugins from "../../../extension/src/index.js";
import { drawPreview } from "../../../extension/src/prompt-lab/preview.js";
import { drawSettings } from "../../../extension/src/prompt-lab/settings.js";
import { storedState } from "../../../extension/src/prompt-lab/state.js";
import { drawRuns } from "../../../extension/src/runs/list.js";
import { drawServers, indicatorOf } from "../../../extension/src/servers/indicator.js";
import type { DatasetEvents, DatasetMethods } from "../../../kernel-lib/src/views/dataset-service.js";
import * as shared from "../../../kernel-lib/src/views/shared.js";
import { noLink } from "../../../extension/src/common/no-link.js";
import { HOSTILE, viewsWith, type Views } from "../../support/hostile-views.js";

const resolver = {
  resolveUrl: async (url: string) => `notebooks/${url}`,
  getDownloadUrl: async (url: string) => `/files/${url}`,
};

/** MIME types by the kind of view. */
const MIMES = Object.fromEntries(
  Object.entries(shared)
    .filter(([name]) => name.endsWith("_MIME"))
    .map(([name, mime]) => [name.replace(/_MIME$/, "").toLowerCase(), mime as string]),
);

/** Panels and documents: what each draws of texts that come from elsewhere. */
const PANELS: Record<string, (text: string, views: Views) => HTMLElement | Promise<HTMLElement>> = {
  async "dataset-browser"(text) {
    const node = document.createElement("div");
    const entry = {
      ...{ name: text, folder: text, schema_version: 1, figloom_version: text, created: text, unread: 1 },
      runs: [{ run: text, stage: text, shelf: text, started: text, sealed: null, files: [text] }],
    };
    const browser = new DatasetBrowser(node, {
      scan: async () => ({ datasets: [entry], cut: true }),
      ...{ start() {}, open() {}, newNotebook() {}, copyPath() {}, reveal() {} },
      bytes: async () => 7,
      ask: () => noLink(),
      signal: new AbortController().signal,
    });
    await browser.refresh();
    node.querySelector<HTMLElement>(".figloom-fold")!.click();
    return node;
  },
  async dataset(text) {
    const node = document.createElement("div");
    const context = { ...drawContext(), dataset: () => noLink<DatasetMethods, DatasetEvents>() };
    for (const view of DATASET_VIEWS) {
      const part = node.appendChild(document.createElement("div"));
      await view.draw({ folder: text, name: text }, part, context);
    }
    return node;
  },
  runs(_, { run }) {
    const list = document.createElement("ul");
    const states = ["running", "paused", "failed"] as const;
    const runs = states.map((status, i) => ({ ...run.state, run: `${i}`, status, message: run.state.note }));
    drawRuns(list, runs, { open() {}, pause() {}, resume() {} });
    return list;
  },
  servers(text) {
    const server = { address: text, up: true, detail: text, remedy: text, load: null };
    const node = drawServers([server, { ...server, up: false }]);
    node.append(indicatorOf([server]).text);
    return node;
  },
  "prompt-lab"(text) {
    const preview = drawPreview(() => undefined);
    preview.figures([{ figure_id: text, name: text }]);
    preview.show({ system: text, user: text, tokens: 1, budget: 2, kept: 0.5, answer: 3 });
    const settings = drawSettings(
      () => undefined,
      () => undefined,
    );
    settings.servers([{ address: text, up: true, detail: text, remedy: text, load: null }]);
    settings.show(storedState({ where: text, endpoint: text, model: text, temperature: text, name: text }));
    const node = document.createElement("div");
    node.append(preview.node, settings.node);
    return node;
  },
};
/** Plugins that draw nothing of their own. */
const SILENT = ["kernels", "settings", "shortcuts", "launcher"];

let registry: RenderMimeRegistry;
beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (draw: FrameRequestCallback) => setTimeout(() => draw(0)));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  registry = new RenderMimeRegistry({ resolver });
  for (const plugin of plugins)
    if (plugin.requires?.[0] === IRenderMimeRegistry) void plugin.activate({} as JupyterFrontEnd, registry);
});
afterEach(() => {
  document.body.replaceChildren();
  document.title = "";
  vi.unstubAllGlobals();
});

async function rendered(kind: string, view: unknown): Promise<Widget> {
  const renderer = registry.createRenderer(MIMES[kind]!);
  Widget.attach(renderer, document.body);
  await renderer.renderModel(new MimeModel({ data: { [MIMES[kind]!]: view as never } }));
  return renderer;
}

/** Waits until nothing more is drawn in the next frames. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Opens all that opens in place, and the first figure in full. */
async function openAll(node: HTMLElement): Promise<void> {
  await settled();
  node.querySelectorAll("details").forEach((details) => (details.open = true));
  for (const selector of [".figloom-tile", ".figloom-diff-picture", ".figloom-matrix-picture"])
    node.querySelector<HTMLElement>(selector)?.click();
  await settled();
}

/** Texts that would turn what stands beside them. */
const TURNING = ["letters from right to left", "overrides of direction"];

const LINK = /^(?:data:image\/(?:webp|png|jpeg);base64,|blob:|\/files\/|#|(?![a-z]*:|\/\/)[^\s"<>\\:]*$)/i;

function expectHarmless(): void {
  expect(document.title).toBe("");
  expect(({} as { harmed?: unknown }).harmed).toBeUndefined();
  const elements = [...document.body.querySelectorAll("*")];
  const run = "script, iframe, frame, object, embed, base, meta, link, form, foreignObject, animate, set";
  expect([...document.body.querySelectorAll(run)].map((node) => node.outerHTML.slice(0, 200))).toEqual([]);
  // Plot brings a style of its own.
  for (const { textContent } of document.body.querySelectorAll("style")) {
    expect(textContent).toMatch(/^(?::where\(\.plot[^{}<@]*\{[^{}<]*\}\s*)+$/);
    expect(textContent).not.toMatch(/url\(|expression/);
  }
  for (const node of elements)
    for (const { name, value } of node.attributes) {
      expect(name).not.toMatch(/^on|^srcdoc$|^formaction$/);
      if (["href", "src", "xlink:href", "action", "poster"].includes(name)) expect(value).toMatch(LINK);
      if (name === "style") expect(value).not.toMatch(/url\(|expression|import/i);
    }
}

test("a page of these tests does run what is no text", () => {
  document.body.innerHTML = `<button onclick="document.title=1"></button>`;
  document.querySelector("button")!.click();
  expect(document.title).toBe("1");
});

test("every plugin draws its view or panel here, or nothing", async () => {
  const ids = plugins.map(({ id }) => id.replace("@figloom/labextension:", ""));
  expect([...Object.keys(MIMES), ...Object.keys(PANELS), ...SILENT].sort()).toEqual(ids.sort());
  expect(Object.keys(await viewsWith("x"))).toEqual(expect.arrayContaining(Object.keys(MIMES)));
});

describe.each(Object.keys(MIMES))("the view %s", (kind) => {
  test.each(Object.entries(HOSTILE))("shows %s as text", async (_, hostile) => {
    const view = (await viewsWith(hostile))[kind as keyof Views];
    const renderer = await rendered(kind, view);
    await openAll(renderer.node);
    expect(renderer.node.textContent).not.toContain("cannot be drawn");
    expectHarmless();
    renderer.dispose();
    expect(document.querySelector("dialog")).toBeNull();
  });

  test.each(TURNING)("holds %s apart from the words around it", async (name) => {
    const letters = HOSTILE[name]!;
    const renderer = await rendered(kind, (await viewsWith(letters))[kind as keyof Views]);
    await openAll(renderer.node);
    expect(loose(letters)).toEqual([]);
    renderer.dispose();
  });
});

describe.each(Object.entries(PANELS))("what %s draws", (_, draw) => {
  test.each(Object.entries(HOSTILE))("shows %s as text", async (_, hostile) => {
    document.body.append(await draw(hostile, await viewsWith(hostile)));
    await openAll(document.body);
    expectHarmless();
  });

  test.each(TURNING)("holds %s apart from the words around it", async (name) => {
    const letters = HOSTILE[name]!;
    document.body.append(await draw(letters, await viewsWith(letters)));
    expect(loose(letters)).toEqual([]);
  });
});

/** Elements with these letters whose direction is not their own. Choices and drawings have theirs by themselves. */
function loose(letters: string): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set<string>();
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement!;
    const own = parent.closest("[dir=auto], bdi, svg, option, pre");
    if (walker.currentNode.textContent!.includes(letters) && !own)
      found.add(parent.outerHTML.replace(parent.textContent ?? "", "…").slice(0, 160));
  }
  return [...found];
}

/** Values that a view's JSON may hold where another was meant. */
const JUNK: unknown[] = [
  undefined,
  null,
  true,
  -1,
  1e308,
  2 ** 53,
  "",
  "red",
  [],
  {},
  [null],
  [[[[[[[[[[]]]]]]]]]],
  { length: 1e9 },
  JSON.parse(`{"__proto__": {"harmed": 1}, "toString": 1, "length": -1}`),
];

/** Copies of a value of which one part is other than it should be. */
function* broken(value: unknown): Generator<[place: string, unknown]> {
  const text = JSON.stringify(value);
  const places: (string | number)[][] = [];
  const collect = (part: unknown, path: (string | number)[]) => {
    if (part === null || typeof part !== "object") return;
    const keys = Array.isArray(part) ? [...part.keys()].slice(0, 2) : Object.keys(part);
    for (const key of keys) {
      places.push([...path, key]);
      collect((part as Record<string | number, unknown>)[key], [...path, key]);
    }
  };
  collect(value, []);
  for (const [i, path] of places.entries()) {
    // Every place is given one of the values, in turn.
    const junk = JUNK[i % JUNK.length];
    const copy = JSON.parse(text) as Record<string | number, unknown>;
    const holder = path
      .slice(0, -1)
      .reduce((part, key) => part[key] as Record<string | number, unknown>, copy);
    if (junk === undefined) delete holder[path.at(-1)!];
    else holder[path.at(-1)!] = junk;
    yield [`${path.join(".")} = ${JSON.stringify(junk)}`, copy];
  }
}

/** Ways in which code says that it has a defect. */
const CODE =
  /is not (?:a function|iterable|defined)|undefined|of null|Symbol\(|\[object|Invalid array length|NaN/;

describe.each(Object.keys(MIMES))("a broken view %s", (kind) => {
  test("says in plain words that it cannot be drawn, and nothing is thrown past it", async () => {
    const view = (await viewsWith("fine"))[kind as keyof Views];
    const errors: string[] = [];
    let drawn = 0;
    for (const [place, given] of [...JUNK.map((junk): [string, unknown] => ["all", junk]), ...broken(view)]) {
      const renderer = await rendered(kind, given).catch((error: unknown) => {
        throw new Error(`${place}: ${String(error)}`);
      });
      await settled();
      const text = renderer.node.textContent ?? "";
      if (!text.includes("cannot be drawn")) drawn++;
      if (CODE.test(text)) errors.push(`${place}: ${CODE.exec(text)![0]} in “${text.slice(0, 200)}”`);
      expectHarmless();
      renderer.dispose();
    }
    expect(errors).toEqual([]);
    expect(drawn).toBeGreaterThan(0);
  }, 120_000);
});
