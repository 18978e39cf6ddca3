import { readdirSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { beforeAll, describe, expect, test } from "vitest";
import * as shared from "../../../../kernel-lib/src/views/shared.js";
import { buildMatrix } from "../../../../kernel-lib/src/views/matrix.js";
import { HOSTILE, viewsWith, type Views } from "../../../support/hostile-views.js";

type Twin = (view: unknown) => string | Promise<string>;

const ROOM = join(import.meta.dirname, "../../../../kernel-lib/src/views/twins");

/** The twins there are, by view: the file `<view>.ts` has `<view>Html`, and it or `<view>-text.ts` has `<view>Text`. */
async function twins(): Promise<Map<string, { html: Twin; text: Twin }>> {
  const files = readdirSync(ROOM).map((file) => file.replace(/\.ts$/, ""));
  const exported = new Map<string, unknown>();
  for (const file of files)
    for (const [name, value] of Object.entries((await import(`${ROOM}/${file}.js`)) as object))
      exported.set(name, value);
  const views = files.filter((file) => exported.has(`${file}Html`));
  return new Map(
    views.map((view) => [
      view,
      { html: exported.get(`${view}Html`) as Twin, text: exported.get(`${view}Text`) as Twin },
    ]),
  );
}

const all = await twins();
const given = (views: Views, kind: string): unknown =>
  kind === "matrix" ? buildMatrix(views.matrix) : views[kind as keyof Views];

const ELEMENTS = new Set(
  (
    "style section h3 h4 p small b i span br div article details summary a img code ul ol li del ins mark progress " +
    "table colgroup col thead tbody tr th td figure figcaption svg g rect path line text title image circle tspan"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "class aria-label aria-hidden aria-description role title style src alt width height href open scope start tabindex max value dir " +
    "viewBox x y x1 x2 y1 y2 dx dy cx cy r d transform fill fill-opacity fill-rule stroke stroke-width stroke-opacity " +
    "stroke-dasharray stroke-linecap stroke-linejoin stroke-miterlimit text-anchor font-size font-family font-variant " +
    "preserveAspectRatio clip-path opacity font-weight paint-order color xmlns xmlns:xlink"
  ).split(" "),
);
/** A small raster picture, or a path relative to the notebook: nothing that could name a scheme or a host. */
const LINK = /^(?:data:image\/(?:webp|png|jpeg);base64,[A-Za-z0-9+/]+=*|(?![a-z]*:|\/\/)[^\s"<>\\:]*)$/i;

function parse(html: string) {
  const { window } = new JSDOM(`<body>${html}`, { runScripts: "dangerously" });
  return window.document;
}

const stylesOf = (body: Element) => [...body.querySelectorAll("style")].map((style) => style.textContent);

test("every view that a page draws, and every file of twins, stands among the hostile ones", async () => {
  const drawn = Object.keys(shared).filter((name) => name.endsWith("_MIME"));
  const kinds = drawn.map((name) => name.replace(/_MIME$/, "").toLowerCase());
  const views = Object.keys(await viewsWith("x"));
  expect([...new Set([...kinds, ...all.keys()])].sort()).toEqual(views.sort());
  for (const kind of kinds) expect([...all.keys()]).toContain(kind);
});

describe.each([...all])("the twins of %s", (kind, { html, text }) => {
  let harmless: (string | null)[];
  beforeAll(async () => {
    harmless = stylesOf(parse(await html(given(await viewsWith("harmless"), kind))).body);
  });

  test.each(Object.entries(HOSTILE))("show %s as text", async (_, hostile) => {
    const source = await html(given(await viewsWith(hostile), kind));
    const { body, title } = parse(source);
    expect(title).toBe("");

    const elements = [...body.querySelectorAll("*")];
    expect(elements.map(({ localName }) => localName).filter((name) => !ELEMENTS.has(name))).toEqual([]);
    const attributes = elements.flatMap((node) => [...node.attributes]);
    expect(attributes.map(({ name }) => name).filter((name) => !ATTRIBUTES.has(name))).toEqual([]);
    for (const { name, value } of attributes) {
      if (["href", "src"].includes(name)) expect(value).toMatch(LINK);
      if (name === "style") expect(value).not.toMatch(/url|expression|import/i);
    }
    // What is a style is the same for every paper, and nothing stands outside of the twin's own section.
    expect(stylesOf(body)).toEqual(harmless);
    expect(
      [...body.childNodes].map((node) => node.nodeName.toLowerCase()).filter((n) => n !== "#text"),
    ).toEqual(["style", "section"]);
    expect(body.querySelector("section")!.className).toContain("mathjax_ignore");
    expect(body.querySelector("section")!.className).toContain("tex2jax_ignore");
    expect(source).not.toMatch(UNPRINTABLE);
    expect(source.length).toBeLessThan(2_000_000);
  });

  test("hold paper text of any direction apart from the words around it", async () => {
    const letters = HOSTILE["letters from right to left"]!;
    const { body } = parse(await html(given(await viewsWith(letters), kind)));
    const walker = body.ownerDocument.createTreeWalker(body.querySelector("section")!, 4);
    const loose: string[] = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement!;
      if (!node.textContent!.includes(letters) || parent.closest("svg")) continue;
      if (!parent.closest("section [dir=auto], bdi")) loose.push(`${parent.outerHTML.slice(0, 120)}`);
    }
    expect(loose).toEqual([]);
  });

  test.each(Object.entries(HOSTILE))(
    "as plain text hold nothing that a terminal obeys: %s",
    async (_, hostile) => {
      const plain = await text(given(await viewsWith(hostile), kind));
      expect(plain).not.toMatch(UNPRINTABLE);
      expect(plain.length).toBeLessThan(200_000);
      expect(plain.length).toBeGreaterThan(0);
    },
  );
});

/** Control characters but tab and line feed, overrides of direction, and halves of characters. */
const UNPRINTABLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
