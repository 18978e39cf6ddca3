// @vitest-environment jsdom
import { drawContext, find, press, texts } from "./setup.js";
import { beforeEach, describe, expect, test } from "vitest";
import { drawGallery } from "../../../extension/src/gallery/gallery.js";
import type { FigureCard } from "../../../kernel-lib/src/views/protocol.js";
import { card, NEW, supportScore } from "../kernel-lib/views/samples.js";

const EVIL = `<script>harmed = 1</script><img src=x onerror="harmed=1">`;
let node: HTMLElement;

function draw(cards: FigureCard[], total = cards.length) {
  const context = drawContext();
  drawGallery({ title: "Figures", total, cards }, node, context);
  return context;
}
const figures = (count: number) =>
  Array.from({ length: count }, (_, i) => card({ figure_id: `p#fig${i + 1}`, number: String(i + 1) }));
const focused = () => active().querySelector(".figloom-tile-name")?.textContent;
const grid = () => find(".figloom-grid");
const tiles = () => [...document.querySelectorAll<HTMLElement>(".figloom-tile:not([hidden])")];
/** The tile that a screen reader says has the focus. */
const active = () => {
  expect(document.activeElement).toBe(grid());
  return find(`#${grid().getAttribute("aria-activedescendant")}`);
};
const search = (words: string) => {
  const box = find<HTMLInputElement>("input[type=search]");
  box.value = words;
  box.dispatchEvent(new Event("input"));
};

// jsdom lays nothing out.
for (const [name, value] of [
  ["clientWidth", 900],
  ["clientHeight", 600],
] as const)
  Object.defineProperty(HTMLElement.prototype, name, { get: () => value, configurable: true });

beforeEach(() => {
  node = document.createElement("div");
  document.body.replaceChildren(node);
});

describe("the grid", () => {
  test("shows each figure with number, paper and a line of caption, and how many there are", () => {
    draw(figures(2), 383);
    expect(texts(".figloom-tile-name")).toEqual(["Figure 1", "Figure 2"]);
    expect(texts(".figloom-tile-paper")[0]).toBe("Penguins of three islands");
    expect(texts("[role=status]")[0]).toBe("showing 2 of 383 figures");
    expect(find<HTMLImageElement>("img").alt).toBe("Figure 1");
  });

  test("opens with each panel's caption, and says which panel has none", () => {
    const view = card();
    view.panels = [
      { number: "a", caption: "Before the rain." },
      { number: "b", caption: "" },
    ];
    draw([view]);
    tiles()[0]!.click();
    expect(find(".figloom-details").textContent).toContain("a  Before the rain.b  no caption of its own");
    find<HTMLDialogElement>("dialog").close();
  });

  test("shows flags as small labels with their reasons, on the tile and beside the opened figure", () => {
    const reason = "The picture is a copy of that of p0#fig1.";
    const marks = [{ flag: "near-duplicate", reason, value: 0.97, limit: 0.92, of: "p0#fig1" }];
    draw([card({}, { marks }), card({ figure_id: "p#fig2" })]);
    expect(texts(".figloom-tile .figloom-flag")).toEqual(["near duplicate"]);
    expect(tiles()[0]!.getAttribute("aria-label")).toContain("Flagged: near duplicate.");
    search("duplicate");
    expect(tiles()).toHaveLength(1);
    tiles()[0]!.click();
    expect(find(".figloom-details").textContent).toContain(`near duplicate${reason}`);
    find<HTMLDialogElement>("dialog").close();
  });

  test("is drawn anew, not twice, from the same node", () => {
    draw(figures(3));
    draw(figures(3));
    expect(tiles()).toHaveLength(3);
  });

  test("says why a picture is missing, and shows no image that is not an inline raster", () => {
    draw([
      card({ image_missing: "Ghostscript is not installed." }, { thumb: null }),
      card({}, { thumb: "https://example.org/track.png" }),
    ]);
    expect(texts(".figloom-missing")[0]).toContain("Ghostscript is not installed.");
    expect(document.querySelector("img")).toBeNull();
  });

  test("says what to do where no figure is", () => {
    draw([]);
    expect(texts(".figloom-note")[0]).toContain("lab.ingest");
  });

  test("changes the size of thumbnails with the slider", () => {
    draw(figures(1));
    const slider = find<HTMLInputElement>("input[type=range]");
    slider.value = "300";
    slider.dispatchEvent(new Event("input"));
    expect(parseFloat(tiles()[0]!.style.width)).toBeGreaterThanOrEqual(300);
  });

  test("filters by words, and by whole numbers", () => {
    draw(figures(12));
    search("Penguins figure 1");
    expect(tiles()).toHaveLength(1);
    expect(texts("[role=status]")[0]).toBe("1 match · 12 figures");
  });
});

describe("the keyboard", () => {
  test("arrows, Home and End go through the grid, which is one stop for Tab", () => {
    draw(figures(5));
    expect(document.querySelectorAll(".figloom-scroller [tabindex]")).toHaveLength(1);
    grid().focus();
    press("ArrowRight");
    expect(focused()).toBe("Figure 2");
    press("End");
    expect(focused()).toBe("Figure 5");
    press("ArrowRight");
    expect(focused()).toBe("Figure 5");
    press("Home");
    expect(focused()).toBe("Figure 1");
  });

  test("a slash goes to the filter, Escape empties it", () => {
    draw(figures(3));
    grid().focus();
    press("/");
    const filter = find<HTMLInputElement>("input[type=search]");
    expect(document.activeElement).toBe(filter);
    filter.value = "nothing like it";
    filter.dispatchEvent(new Event("input"));
    expect(texts(".figloom-note:not([hidden])")[0]).toContain("No figure here");
    press("Escape");
    expect(tiles()).toHaveLength(3);
  });

  test("JupyterLab's own shortcuts are kept off", () => {
    draw(figures(1));
    expect(tiles()[0]!.closest("[data-lm-suppress-shortcuts]")).not.toBeNull();
  });
});

describe("the lightbox", () => {
  test("opens on a click with captions, doubts, contexts, scores and origin", () => {
    const at = NEW.indexOf("700");
    const claims = [
      { text: "700 nm", kind: "number", span: [at, at + 6], supported: false, reason: "nowhere" },
    ];
    draw([card({}, { scores: [supportScore("extractive", 0.5, claims)] })]);
    tiles()[0]!.click();
    const dialog = find("[role=dialog]");
    expect(dialog.getAttribute("aria-label")).toBe("Figure 3, Penguins of three islands");
    expect(texts(".figloom-heading > span:first-child", dialog).slice(0, 2)).toEqual([
      "Raw caption",
      "extractive",
    ]);
    expect(find(".figloom-doubt", dialog).title).toBe("Unsupported: nowhere");
    expect(texts(".figloom-refers", dialog)).toEqual(["Figure 3 shows it."]);
    expect(dialog.textContent).toContain("main.tex, line 12, in penguins.tar.gz");
    expect(dialog.textContent).toContain("support 0.5");
  });

  test("says what made a caption, what was measured and what a person said", () => {
    const made = card(
      {},
      { said: { verdict: "rejected", tags: ["blurred"] }, measurements: { entropy: 3.25 } },
    );
    made.captions[1]!.made = {
      captioner: "vllm",
      prompt_id: "context",
      prompt_hash: "0123456789abcdef",
      model: "a-model",
      prompt_tokens: 1200,
      completion_tokens: 90,
    };
    draw([made]);
    expect(texts(".figloom-tile .figloom-verdict")).toEqual(["✕ rejected"]);
    tiles()[0]!.click();
    const said = find(".figloom-details").textContent;
    expect(said).toContain("by a-model · prompt context (01234567) · 1,200 + 90 tokens");
    expect(said).toContain("entropy3.25");
    expect(said).toContain("✕ rejectedblurred");
  });

  test("goes to neighbours by arrows, among those that the filter leaves, and gives the focus back", () => {
    draw(figures(4));
    search("figure");
    tiles()[1]!.click();
    press("ArrowRight");
    expect(texts(".figloom-lightbox-name")).toEqual(["Figure 3"]);
    press("ArrowRight");
    press("ArrowRight");
    expect(find("[aria-label=Figures] .figloom-position").textContent).toBe("4 / 4");
    press("Escape");
    expect(document.querySelector("[role=dialog]")).toBeNull();
    expect(focused()).toBe("Figure 4");
  });

  test("zooms to 100 %, beyond it and back", () => {
    draw([card({ width: 1800, height: 1200 })]);
    tiles()[0]!.click();
    const percent = () => find("[aria-label=Zoom] .figloom-position").textContent;
    expect(percent()).toBe("50 %");
    press("z");
    expect(percent()).toBe("100 %");
    press("+");
    expect(percent()).toBe("150 %");
    press("z");
    expect(percent()).toBe("50 %");
  });

  test("its details can be folded away and made wider", () => {
    draw(figures(1));
    tiles()[0]!.click();
    const handle = find("[role=separator]");
    const width = Number(handle.getAttribute("aria-valuenow"));
    handle.focus();
    press("ArrowLeft");
    expect(Number(handle.getAttribute("aria-valuenow"))).toBeGreaterThan(width);
    press("i");
    expect(find(".figloom-details").hidden).toBe(true);
    press("i");
    expect(find(".figloom-details").hidden).toBe(false);
  });

  test("closes when the output goes away", () => {
    const context = draw(figures(1));
    tiles()[0]!.click();
    context.abort();
    expect(document.querySelector("[role=dialog]")).toBeNull();
  });

  test("says that the full image cannot be reached where no path leads to it", () => {
    draw([card({}, { path: null })]);
    tiles()[0]!.click();
    expect(texts(".figloom-stage-note")[0]).toContain("cannot be reached");
  });
});

test("hostile text stays text, in the grid and in the lightbox", () => {
  const captions = [
    { name: EVIL, text: EVIL, unsupported: [{ span: [0, 8] as const, reason: EVIL }], scores: { [EVIL]: 1 } },
  ];
  const evil: FigureCard = {
    ...card({}, { thumb: null, path: null }),
    paper_title: EVIL,
    captions,
    provenance: EVIL,
    flags: [{ name: EVIL, reason: EVIL }],
  };
  draw([{ ...evil, number: EVIL, contexts: [{ text: EVIL, section: EVIL, sentences: [[0, 5]] }] }]);
  tiles()[0]!.click();
  expect(document.querySelector("script, img, [onerror]")).toBeNull();
  expect(find("[role=dialog]").textContent).toContain(EVIL);
});
