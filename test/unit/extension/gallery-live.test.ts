// @vitest-environment jsdom
import { drawContext, find, press, texts } from "./setup.js";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { drawGallery } from "../../../extension/src/gallery/gallery.js";
import { EVERYTHING, type Query } from "../../../kernel-lib/src/views/query.js";
import { synthesizeLarge } from "../../support/synthetic/large.js";
import { card } from "../kernel-lib/views/samples.js";
import { lookAt } from "../kernel-lib/service/samples.js";

const FIGURES = 400;
let folder: string;
let node: HTMLElement;
let context: ReturnType<typeof drawContext>;
let link: ReturnType<typeof lookAt>;

for (const [name, value] of [
  ["clientWidth", 900],
  ["clientHeight", 600],
] as const)
  Object.defineProperty(HTMLElement.prototype, name, { get: () => value, configurable: true });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gallery-"));
  await synthesizeLarge(folder, { figures: FIGURES, pictures: 3 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  node = document.createElement("div");
  document.body.replaceChildren(node);
});
afterEach(() => context.abort());

/** A gallery whose output holds one figure, and whose kernel has all of them. */
async function draw(query: Partial<Query> = {}): Promise<void> {
  link = lookAt(folder);
  context = drawContext({ [folder]: link });
  const live = { dataset: folder, query: { ...EVERYTHING, ...query } };
  drawGallery({ title: "Figures", total: FIGURES, cards: [card()], live }, node, context);
  await until(() => expect(count()).not.toContain("showing"));
}
/** As long as a busy machine may need. */
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 30_000 });
const count = () => find(".figloom-titles [role=status]").textContent!;
const tiles = () => [...document.querySelectorAll<HTMLElement>(".figloom-tile:not([hidden])")];
const active = () => find(`#${find(".figloom-grid").getAttribute("aria-activedescendant")}`);
const row = (tile: HTMLElement) => find(".figloom-row", tile).textContent;
const said = () => find(".figloom-said [role=status]").textContent;
const type = (selector: string, text: string) => {
  const box = find<HTMLInputElement>(selector);
  box.focus();
  box.value = text;
  box.dispatchEvent(new Event("input"));
};

test("the first figures stand there before the kernel answers, then there are all", async () => {
  const drawn = draw();
  expect(tiles()).toHaveLength(1);
  expect(count()).toBe("showing 1 of 400 figures");
  await drawn;
  expect(count()).toBe("400 figures");
  expect(tiles().length).toBeGreaterThan(10);
  expect(tiles().length).toBeLessThan(100);
});

test("a document, which holds no figure of its own, says that it asks until it knows how many there are", async () => {
  context = drawContext({ [folder]: lookAt(folder) });
  const live = { dataset: folder, query: EVERYTHING };
  drawGallery({ title: "first", total: 0, cards: [], live }, node, context);
  expect(count()).toBe("");
  expect(texts(".figloom-state")).toEqual(["Asking the kernel for the figures…"]);
  await until(() => expect(count()).toBe("400 figures"));
});

test("keys lead to the last row and to a row by its number, whose figures are then fetched", async () => {
  await draw();
  find(".figloom-grid").focus();
  press("End");
  expect(row(active())).toBe("400");
  await until(() => expect(active().textContent).toContain("Samples of series 399"));
  press("g");
  type(".figloom-row-box", "200");
  press("Enter");
  expect(row(active())).toBe("200");
  await until(() => expect(active().textContent).toContain("Samples of series 199"));
});

test("verdicts are written for the selected figures and taken back", async () => {
  await draw();
  find(".figloom-grid").focus();
  press(" ");
  press("ArrowRight");
  press(" ");
  press("a");
  await until(() => expect(said()).toBe("Accepted 2 figures"));
  await until(() => expect(texts(".figloom-tile .figloom-accepted")).toHaveLength(2));
  press("u");
  await until(() => expect(texts(".figloom-tile .figloom-accepted")).toHaveLength(0));
  const control = (key: string) =>
    find(".figloom-grid").dispatchEvent(
      new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true, cancelable: true }),
    );
  control("y");
  await until(() => expect(texts(".figloom-tile .figloom-accepted")).toHaveLength(2));
  control("z");
  await until(() => expect(texts(".figloom-tile .figloom-accepted")).toHaveLength(0));
});

test("all that match are selected and become the other views' selection", async () => {
  await draw({ where: "discipline = 'Biology'" });
  find(".figloom-grid").focus();
  find(".figloom-grid").dispatchEvent(
    new KeyboardEvent("keydown", { key: "a", ctrlKey: true, bubbles: true, cancelable: true }),
  );
  const many = count().split(" ")[0];
  await until(() => expect(find(".figloom-picked").textContent).toContain(`${many} selected`));
  [...document.querySelectorAll<HTMLElement>("button")]
    .find(({ textContent }) => textContent === "Use as selection")!
    .click();
  await until(async () => expect(await link.ask("selection", {})).toHaveLength(1));
  await until(() => expect(texts(".figloom-linked")[0]).toContain(`${many} figures chosen in Figures`));
  find<HTMLButtonElement>(".figloom-linked .figloom-sign").click();
  await until(async () => expect(await link.ask("selection", {})).toEqual([]));
});

test("another view's selection narrows the figures and can be taken away here", async () => {
  await draw();
  const clause = { kind: "figures" as const, figure_ids: ["paper-0000003#fig1", "paper-0000004#fig2"] };
  await link.ask("select", { source: "other", label: "two of them", clause });
  await until(() => expect(count()).toBe("2 of 400 figures"));
  find<HTMLButtonElement>(".figloom-linked .figloom-sign").click();
  await until(() => expect(count()).toBe("400 figures"));
});

test("a condition that is not right says why and leaves the figures", async () => {
  await draw();
  find(".figloom-grid").focus();
  press("f");
  type(".figloom-where", "colour = 'red'");
  press("Enter");
  await until(() => expect(find(".figloom-state").textContent).toContain("colour"));
  expect(tiles().length).toBeGreaterThan(10);
  type(".figloom-where", "ordinal = 0");
  press("Enter");
  await until(() => expect(count()).toBe("80 figures"));
});

test("sorts by a score and shows it on the tiles, groups under headings that fold", async () => {
  await draw({ sort: { column: "score.support@raw", descending: true }, group: "discipline" });
  const values = () => texts(".figloom-tile:not([hidden]) .figloom-labels b").map(Number);
  await until(() => expect(values().length).toBeGreaterThan(5));
  const shown = values().slice(0, 5);
  expect(shown).toEqual([...shown].sort((a, b) => b - a));
  expect(texts(".figloom-group-name").length).toBeGreaterThan(0);
  expect(tiles().map(row)).toContain("1");
  find<HTMLButtonElement>(".figloom-group-heading .figloom-sign").click();
  expect(tiles().map(row)).not.toContain("1");
});

test("the lightbox goes on beyond the rows that are here, and shows a paper with a way back", async () => {
  await draw();
  find(".figloom-grid").focus();
  press("Enter");
  await until(() => expect(texts(".figloom-lightbox-paper")).toEqual(["Measurements of series 0"]));
  press("End");
  expect(find("dialog").getAttribute("aria-label")).toBe("Figure in row 400 is loading");
  await until(() => expect(texts(".figloom-lightbox-paper")).toEqual(["Measurements of series 79"]));
  expect(find("dialog").getAttribute("aria-label")).toContain("Measurements of series 79");
  expect(find("[aria-label=Figures] .figloom-position").textContent).toBe("400 / 400");
  press("p");
  await until(() => expect(count()).toBe("5 of 400 figures"));
  find<HTMLButtonElement>(".figloom-filter .figloom-sign").click();
  await until(() => expect(count()).toBe("400 figures"));
});

/** A browser that tells what is in sight: nothing that is hidden is. */
function stubSight(): (inSight: boolean) => void {
  const observers: { tell: (inSight: boolean) => void }[] = [];
  class Sight {
    readonly #nodes: Element[] = [];
    constructor(changed: (entries: { isIntersecting: boolean }[]) => void) {
      const tell = (inSight: boolean) => {
        for (const node of this.#nodes)
          changed([{ isIntersecting: inSight && node.closest("[hidden]") === null }]);
      };
      observers.push({ tell });
    }
    observe(node: Element): void {
      this.#nodes.push(node);
    }
    disconnect(): void {}
  }
  vi.stubGlobal("IntersectionObserver", Sight);
  return (inSight) => observers.forEach(({ tell }) => tell(inSight));
}

test("out of sight nothing is drawn and nothing asked; in sight again it shows what the others select meanwhile", async () => {
  const see = stubSight();
  try {
    await draw();
    see(false);
    await until(() => expect(texts(".figloom-tile")).toEqual([]));
    const asked = link.asked.length;
    const clause = { kind: "figures" as const, figure_ids: ["paper-0000003#fig1"] };
    await link.ask("select", { source: "other", label: "one of them", clause });
    await until(() => expect(texts(".figloom-chip, .figloom-linked").join()).toContain("one of them"));
    expect(link.asked.slice(asked)).not.toContain("rows");
    expect(count()).toBe("400 figures");
    see(true);
    await until(() => expect(count()).toBe("1 of 400 figures"));
    expect(tiles()).toHaveLength(1);
    await link.ask("clearSelection", {});
    await until(() => expect(count()).toBe("400 figures"));
  } finally {
    vi.unstubAllGlobals();
  }
});

test("with no figure left it goes on hearing what the others select", async () => {
  const see = stubSight();
  try {
    await draw();
    const clause = { kind: "figures" as const, figure_ids: ["paper-none#fig1"] };
    await link.ask("select", { source: "other", label: "none of them", clause });
    await until(() => expect(count()).toBe("0 of 400 figures"));
    see(true);
    // As long as it takes for something to count as gone.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await link.ask("clearSelection", {});
    await until(() => expect(count()).toBe("400 figures"));
    see(true);
    await until(() => expect(tiles().length).toBeGreaterThan(5));
  } finally {
    vi.unstubAllGlobals();
  }
});

test("without a kernel it says how to see the others, and what it has stays", async () => {
  context = drawContext();
  const live = { dataset: "/nowhere", query: EVERYTHING };
  drawGallery({ title: "Figures", total: 1_000_000, cards: [card()], live }, node, context);
  expect(find(".figloom-state").textContent).toBe(
    "No kernel: the first 1 of 1,000,000 figures are shown. Start it to see all.",
  );
  expect(tiles()).toHaveLength(1);
});

test("a cell is inserted that shows the same figures", async () => {
  await draw({ where: "width > 300" });
  [...document.querySelectorAll<HTMLElement>("button")]
    .find(({ textContent }) => textContent === "Insert cell")!
    .click();
  expect(context.inserted[0]).toContain(`await lab.gallery({ where: "width > 300" });`);
});
