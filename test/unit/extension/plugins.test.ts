// @vitest-environment jsdom
import { find } from "./setup.js";
import type { JupyterFrontEnd } from "@jupyterlab/application";
import {
  IRenderMimeRegistry,
  MimeModel,
  RenderMimeRegistry,
  standardRendererFactories,
} from "@jupyterlab/rendermime";
import { Widget } from "@lumino/widgets";
import { afterEach, beforeEach, expect, test } from "vitest";
import plugins from "../../../extension/src/index.js";
import { buildDiff } from "../../../kernel-lib/src/views/diff.js";
import { buildGallery } from "../../../kernel-lib/src/views/gallery.js";
import { DIFF_MIME, GALLERY_MIME, HISTOGRAM_MIME } from "../../../kernel-lib/src/views/protocol.js";
import { distributionOf } from "../../support/frame-of-values.js";
import { card } from "../kernel-lib/views/samples.js";

const views = {
  [GALLERY_MIME]: buildGallery({ title: "Figures", cards: [card(), card()] }),
  [DIFF_MIME]: buildDiff({ title: "Diff", captions: ["raw", "extractive"], cards: [card()] }),
  [HISTOGRAM_MIME]: await distributionOf({
    title: "H",
    metric: "m",
    axis: "m",
    series: { raw: [1, 2] },
  }),
};
const drawn = {
  [GALLERY_MIME]: ".figloom-gallery .figloom-tile",
  [DIFF_MIME]: ".figloom-diff ins",
  [HISTOGRAM_MIME]: ".figloom-histogram svg rect",
};
const resolver = {
  resolveUrl: async (url: string) => `notebooks/${url}`,
  getDownloadUrl: async (url: string) => `/files/${url}`,
};
const viewPlugins = plugins.filter(({ requires }) => requires?.[0] === IRenderMimeRegistry);
let registry: RenderMimeRegistry;

beforeEach(() => {
  registry = new RenderMimeRegistry({ initialFactories: standardRendererFactories, resolver });
  for (const plugin of viewPlugins) void plugin.activate({} as JupyterFrontEnd, registry);
});
afterEach(() => document.body.replaceChildren());

const model = (mime: string, view: unknown) => new MimeModel({ data: { [mime]: view as never } });

test("each plugin has an id of its own and a description", () => {
  expect(new Set(plugins.map(({ id }) => id)).size).toBe(plugins.length);
  for (const { id, description } of plugins) {
    expect(id).toMatch(/^@figloom\/labextension:/);
    expect(description).toMatch(/\.$/);
  }
});

for (const [mime, view] of Object.entries(views)) {
  test(`${mime} is preferred to its HTML twin, drawn without trust, and drawn again in its place`, async () => {
    const bundle = { [mime]: view as never, "text/html": "<p>twin</p>", "text/plain": "twin" };
    expect(registry.preferredMimeType(bundle, "ensure")).toBe(mime);
    const renderer = registry.createRenderer(mime);
    Widget.attach(renderer, document.body);
    await renderer.renderModel(model(mime, view));
    const count = document.querySelectorAll(drawn[mime as keyof typeof drawn]).length;
    expect(count).toBeGreaterThan(0);
    await renderer.renderModel(model(mime, view));
    expect(document.querySelectorAll(drawn[mime as keyof typeof drawn])).toHaveLength(count);
    renderer.dispose();
    expect(renderer.isDisposed).toBe(true);
  });

  test(`${mime} says so when its data is not what it should be`, async () => {
    const renderer = registry.createRenderer(mime);
    await renderer.renderModel(model(mime, { title: "broken" }));
    expect(renderer.node.textContent).toContain("cannot be drawn");
  });
}

test("disposing an output closes the figure that was opened from it", async () => {
  const renderer = registry.createRenderer(GALLERY_MIME);
  Widget.attach(renderer, document.body);
  await renderer.renderModel(model(GALLERY_MIME, views[GALLERY_MIME]));
  find(".figloom-tile").click();
  expect(document.querySelector("[role=dialog]")).not.toBeNull();
  renderer.dispose();
  expect(document.querySelector("[role=dialog]")).toBeNull();
});
