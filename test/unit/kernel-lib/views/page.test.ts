import { JSDOM } from "jsdom";
import { expect, it } from "vitest";
import type { PageRegion, PageView } from "../../../../kernel-lib/src/views/page.js";
import { pageHtml, pageText } from "../../../../kernel-lib/src/views/twins/page.js";
import { THUMB } from "./samples.js";

const EVIL = `"><script>globalThis.harmed = 1</script>`;

function region(change: Partial<PageRegion>): PageRegion {
  return {
    figure_id: "p#fig1",
    float: "figure",
    number: "1",
    caption: "A map.",
    box: [100, 50, 300, 200],
    captionBox: [100, 210, 300, 220],
    confidence: 0.9,
    ...change,
  };
}

function view(...regions: PageRegion[]): PageView {
  return { source: "p.pdf", number: 2, pages: 9, width: 612, height: 792, picture: THUMB, regions };
}

const parse = (html: string) => new JSDOM(html, { runScripts: "dangerously" }).window;

it("draws each region and its caption where they stand, in points", () => {
  const table = region({ figure_id: "p#tab1", float: "table", captionBox: null });
  const { document } = parse(pageHtml(view(region({}), table)));
  const boxes = [...document.querySelectorAll("rect")].map((rect) =>
    ["class", "x", "y", "width", "height"].map((name) => rect.getAttribute(name)).join(" "),
  );
  expect(boxes).toEqual(["said figure 100 210 200 10", "figure 100 50 200 150", "table 100 50 200 150"]);
  expect(document.querySelector("svg")!.getAttribute("viewBox")).toBe("0 0 612 792");
});

it("says where a picture is when it is not on the caption's page", () => {
  expect(pageText(view(region({ box: null })))).toMatch(
    /Page 2 of 9 of p\.pdf[\s\S]*Figure 1 {2}on another page/,
  );
});

it("says that a page has none", () => {
  expect(pageText(view())).toMatch(/Neither figure nor table/);
});

it("takes nothing that a paper says for markup", () => {
  const window = parse(pageHtml({ ...view(region({ caption: EVIL, number: EVIL })), source: EVIL }));
  expect((window as unknown as { harmed?: number }).harmed).toBeUndefined();
  expect(window.document.querySelector("tbody td:last-child")!.textContent).toBe(EVIL);
});
