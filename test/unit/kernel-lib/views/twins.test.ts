import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { buildDiff } from "../../../../kernel-lib/src/views/diff.js";
import { buildGallery } from "../../../../kernel-lib/src/views/gallery.js";
import { diffHtml, diffText } from "../../../../kernel-lib/src/views/twins/diff.js";
import { galleryHtml, galleryText } from "../../../../kernel-lib/src/views/twins/gallery.js";
import { histogramHtml, histogramText } from "../../../../kernel-lib/src/views/twins/histogram.js";
import { distributionOf } from "../../../support/frame-of-values.js";
import { card, NEW, RAW, recaption, supportScore } from "./samples.js";

const EVIL = `<script>globalThis.harmed = 1</script><img src=x onerror="harmed=1">"'>&\u001b[31m\u202ereversed`;

/** Parses with scripts allowed to run, so that anything that slips through really does. */
function parse(source: string) {
  const { window } = new JSDOM(`<body>${source}`, { runScripts: "dangerously" });
  return { window, root: window.document.querySelector(".figloom-html")! };
}

function evilCard() {
  const claims = [{ text: "x", kind: EVIL, span: [0, 8], supported: false, source: null, reason: EVIL }];
  return card(
    {
      figure_id: EVIL,
      label: EVIL,
      number: EVIL,
      caption: EVIL,
      panels: [
        { panel_id: "p", label: null, number: EVIL, caption: EVIL, caption_source: "", graphics: [], row: 0 },
      ],
      contexts: [{ text: EVIL, section: EVIL, paragraph: 0, sentences: [[0, 8]] }],
      image_missing: EVIL,
    },
    {
      paper: { title: EVIL, discipline: null, source: EVIL },
      recaptions: [recaption(`${EVIL} new`, EVIL)],
      scores: [supportScore(EVIL, 0.5, claims), { ...supportScore("raw", 1, []), metric: EVIL }],
      thumb: `data:image/webp;base64,"onerror="harmed=1`,
      path: `javascript:alert(1)//"onclick="harmed=1`,
      marks: [{ flag: EVIL, reason: EVIL, value: null, limit: null, of: EVIL }],
    },
  );
}

describe("the HTML twins", () => {
  test("show hostile text as text and run nothing", async () => {
    const hist = await distributionOf({
      title: EVIL,
      metric: EVIL,
      axis: EVIL,
      series: { [EVIL]: [1, 2, 3] },
      by: [EVIL, EVIL, "b"],
    });
    const sources = [
      galleryHtml(buildGallery({ title: EVIL, cards: [evilCard()] })),
      diffHtml(buildDiff({ title: EVIL, captions: ["raw", EVIL], cards: [evilCard()] })),
      await histogramHtml(hist),
    ];
    for (const source of sources) {
      const { window, root } = parse(source);
      expect((window as unknown as { harmed?: number }).harmed).toBeUndefined();
      expect(root.querySelectorAll("script, img, iframe, [onerror], [onclick]")).toHaveLength(0);
      expect(root.textContent).toContain("<script>globalThis.harmed = 1</script>");
      for (const link of root.querySelectorAll("a")) expect(link.href).not.toMatch(/^javascript:/);
      expect(source).not.toMatch(/\u001b|\u202e/);
    }
  });

  test("show thumbnails inline, both captions, contexts with the sentence marked, and a way to the full image", () => {
    const { root } = parse(galleryHtml(buildGallery({ title: "Figures", cards: [card()], total: 383 })));
    expect(root.querySelector("img")!.getAttribute("src")).toMatch(/^data:image\/webp/);
    expect(root.textContent).toContain("showing 1 of 383 figures");
    expect(root.textContent).toContain(NEW);
    expect(root.querySelector(".refers")!.textContent).toBe("Figure 3 shows it.");
    expect(root.querySelector("a")!.getAttribute("href")).toBe("data/images/3.png");
  });

  test("show flags as labels with their reasons", () => {
    const marks = [
      { flag: "near-duplicate", reason: "A copy of p0#fig1.", value: 1, limit: 0.9, of: "p0#fig1" },
    ];
    const view = buildGallery({ title: "Figures", cards: [card({}, { marks }), card()] });
    const { root } = parse(galleryHtml(view));
    expect([...root.querySelectorAll(".flag")].map((flag) => flag.textContent)).toEqual(["near duplicate"]);
    expect(root.querySelector(".flag")!.getAttribute("title")).toBe("A copy of p0#fig1.");
    expect(root.querySelector(".more")!.textContent).toContain("near duplicate: A copy of p0#fig1.");
    expect(galleryText(view)).toMatch(/\[near duplicate\]/);
  });

  test("name what changed by ins and del, and what is unsupported by a mark with its reason", () => {
    const at = NEW.indexOf("700");
    const claims = [
      { text: "700 nm", kind: "number", span: [at, at + 6], supported: false, reason: "nowhere" },
    ];
    const cards = [
      card({ caption: RAW.replace("sites", "islands") }, { scores: [supportScore("extractive", 1, claims)] }),
    ];
    const { root } = parse(diffHtml(buildDiff({ title: "Diff", captions: ["raw", "extractive"], cards })));
    const item = root.querySelector(".item")!;
    expect([...item.querySelectorAll("del")].map((node) => node.textContent).join("")).toBe("islands");
    const mark = item.querySelector(".doubt")!;
    expect([mark.textContent, mark.getAttribute("title")]).toEqual(["700 nm", "Unsupported: nowhere"]);
    item.querySelectorAll("del").forEach((node) => node.remove());
    expect(item.querySelector(".text")!.textContent).toBe(NEW);
  });

  test("draw the histogram as inline SVG with its figures in a table", async () => {
    const view = await distributionOf({
      title: "Support",
      metric: "support",
      domain: [0, 1],
      series: { raw: [0.1, 0.2, 0.4], extractive: [0.6, null, 0.8] },
      shifts: { from: "raw", against: () => "they rest on different evidence" },
    });
    const { root } = parse(await histogramHtml(view));
    expect(root.querySelectorAll("svg rect")).toHaveLength(5);
    const rows = [...root.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent!.trim()),
    );
    expect(rows).toEqual([
      ["■ raw", "3", "0.233", "0.153", "0.2", "0"],
      ["■ extractive", "2", "0.7", "0.141", "0.7", "1"],
    ]);
  });

  test("say what to do where there is nothing to show", async () => {
    expect(galleryHtml(buildGallery({ title: "None", cards: [] }))).toContain("ingest");
    expect(diffHtml(buildDiff({ title: "None", captions: ["raw", "x"], cards: [] }))).toContain("recaption");
    const view = await distributionOf({ title: "None", series: { raw: [null] } });
    expect(await histogramHtml(view)).toContain("lab.score");
    expect(histogramText(view)).toContain("lab.score");
  });
});

describe("the text twins", () => {
  test("draw a distribution as blocks, quantiles or a box", async () => {
    const series = { raw: Array.from({ length: 101 }, (_, i) => i) };
    const text = async (form: "histogram" | "density" | "cdf" | "box") =>
      histogramText(await distributionOf({ series, form }));
    expect(await text("histogram")).toMatch(/raw: n 101, mean 50, sd 29.3, median 50\n {2}│[▁-█]+│/);
    expect(await text("density")).toMatch(/│[▁-█]{60}│/);
    expect(await text("cdf")).toContain("50 % ≤ 50.5");
    expect(await text("box")).toMatch(/│├─+█+│█+─+┤ *│/);
  });

  test("list the figures of a gallery, forty at most, and count the rest", () => {
    const text = galleryText(
      buildGallery({ title: "Figures", cards: Array.from({ length: 45 }, () => card()) }),
    );
    expect(text).toContain(
      "penguins#fig3  Figure 3, Penguins of three islands: Reflectance of the three sites.",
    );
    expect(text).toContain("… and 5 more");
  });

  test("write a diff in the notation of wdiff", () => {
    const text = diffText(buildDiff({ title: "Diff", captions: ["raw", "extractive"], cards: [card()] }));
    expect(text).toContain("Reflectance of the three sites{+ between 300 nm and 700 nm+}.");
  });

  test("draw a histogram as a line of blocks", async () => {
    const text = histogramText(await distributionOf({ series: { raw: [1, 2, 2, 2, 2, 3] } }));
    expect(text).toContain("n 6, mean 2, sd 0.632, median 2");
    expect(text).toContain("│▂█▂│");
  });

  test("hold no terminal escapes and no overrides of direction", () => {
    const text = galleryText(buildGallery({ title: EVIL, cards: [evilCard()] }));
    expect(text).not.toMatch(/\u001b|\u202e/);
  });
});
