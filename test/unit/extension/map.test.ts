// @vitest-environment jsdom
import { drawContext, find, press, texts } from "./setup.js";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { drawMap } from "../../../extension/src/map/map.js";
import { DatasetService } from "../../../kernel-lib/src/service/dataset-service.js";
import { densityOf } from "../../../kernel-lib/src/views/map-density.js";
import type { MapView } from "../../../kernel-lib/src/views/map.js";
import { EVERYTHING } from "../../../kernel-lib/src/views/query.js";
import type { DatasetEvents, DatasetMethods } from "../../../kernel-lib/src/views/dataset-service.js";
import { inProcessLink, type InProcessLink } from "../../support/in-process-link.js";
import { synthesize } from "../../support/synthetic/dataset.js";

const EVIL = `<script>harmed = 1</script><img src=x onerror="harmed=1">`;
const FIGURES = 23;
let folder: string;
let node: HTMLElement;
let link: InProcessLink<DatasetMethods, DatasetEvents>;
let context: ReturnType<typeof drawContext>;

function view(overrides: Partial<MapView> = {}): MapView {
  return {
    title: "Sizes",
    how: null,
    x: { column: "figure.width", label: "width (pixels)" },
    y: { column: "figure.height", label: "height (pixels)" },
    colour: { column: "figure.kind", label: "source", scale: "category", rest: null },
    classes: [{ name: "latex", count: FIGURES }],
    placed: FIGURES,
    without: 0,
    density: densityOf(Float32Array.of(96, 320), Float32Array.of(96, 320), Uint8Array.of(0, 0)),
    live: { dataset: folder, query: EVERYTHING },
    ...overrides,
  };
}

const stage = () => find(".figloom-map-stage");
const count = () => find(".figloom-titles [role=status]").textContent;
const notes = () => texts(".figloom-state:not([hidden])");
const named = (name: string) =>
  [...document.querySelectorAll("button")].find((one) => one.textContent === name)!;
const pointer = (type: string, clientX: number, clientY: number, more: object = {}) =>
  stage().dispatchEvent(new MouseEvent(type, { clientX, clientY, bubbles: true, cancelable: true, ...more }));

async function drawLive(overrides: Partial<MapView> = {}) {
  drawMap(view(overrides), node, context);
  await vi.waitFor(() => find("button.figloom-map-entry"), { timeout: 20_000 });
  await vi.waitFor(() => expect(notes()).toEqual([]));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-map-"));
  await synthesize(folder, { figures: FIGURES });
  // jsdom lays nothing out and has no canvas.
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  node = document.createElement("div");
  document.body.replaceChildren(node);
  link = inProcessLink((emit) => DatasetService.of(folder).desk(emit));
  context = drawContext({ [folder]: link });
});
afterEach(async () => {
  await link.ask("clearSelection", {}).catch(() => undefined);
  context.abort();
});

describe("without a kernel", () => {
  test("a map says that it is drawn from the output, and its legend changes nothing", () => {
    drawMap(view({ live: null }), node, context);
    expect(notes()[0]).toContain("the figures themselves are not in this output");
    expect(texts(".figloom-map-kind")).toEqual(["latex"]);
    expect(document.querySelector("button.figloom-map-entry")).toBeNull();
    expect(stage().getAttribute("aria-label")).toContain(
      "Sizes: 23 figures, height (pixels) over width (pixels).",
    );
  });

  test("a kernel that is gone is said, and so is a map without a point", () => {
    link.become("gone");
    drawMap(view(), node, context);
    expect(notes()[0]).toContain("No kernel");
    drawMap(view({ density: null, placed: 0 }), node, context);
    expect(node.textContent).toContain("No figure here has a place");
  });

  test("hostile text stays text", () => {
    const evil = { column: "x", label: EVIL };
    const classes = [{ name: EVIL, count: 1 }];
    drawMap(view({ live: null, title: EVIL, how: EVIL, x: evil, y: evil, classes }), node, context);
    expect(document.querySelector("script, img, [onerror]")).toBeNull();
    expect(node.textContent).toContain(EVIL);
  });
});

describe("with a kernel", () => {
  test("the points come, their colours can be taken away, and others chosen", async () => {
    await drawLive();
    const toggle = () => find<HTMLButtonElement>("button.figloom-map-entry");
    await vi.waitFor(() => expect(toggle().textContent).toBe("latex23"));
    toggle().click();
    expect(toggle().getAttribute("aria-pressed")).toBe("false");
    expect(document.activeElement).toBe(toggle());
    const colours = find<HTMLSelectElement>(".figloom-map-colour");
    await vi.waitFor(() => expect(colours.hidden).toBe(false));
    colours.value = "figure.width";
    colours.dispatchEvent(new Event("change"));
    await vi.waitFor(() => expect(texts(".figloom-map-kind")[0]).toMatch(/^below /));
  });

  test("drawing around points selects them for the other views, and clearing lets them go", async () => {
    await drawLive();
    named("Lasso").click();
    expect(named("Lasso").getAttribute("aria-pressed")).toBe("true");
    pointer("pointerdown", 300, 0, { button: 0 });
    for (const [x, y] of [
      [600, 0],
      [600, 400],
      [300, 400],
    ] as const)
      pointer("pointermove", x, y);
    pointer("pointerup", 300, 400);
    await vi.waitFor(async () => expect(await link.ask("selection", {})).toHaveLength(1));
    const { total } = await link.ask("rows", { query: EVERYTHING, source: "gallery" });
    expect(total).toBeGreaterThan(3);
    expect(total).toBeLessThan(FIGURES);
    expect(count()).toBe(`${total} of ${FIGURES} figures`);
    named("Show these figures").click();
    expect(context.inserted[0]).toContain("lab.gallery(");
    named("Clear").click();
    await vi.waitFor(async () => expect(await link.ask("selection", {})).toEqual([]));
    expect(count()).toBe(`${FIGURES} figures`);
  });

  test("an outline keeps its shape where the axes have units of very different size", async () => {
    await link.ask("clearSelection", {});
    const ranges = densityOf(Float32Array.of(0, 3000), Float32Array.of(0, 1), Uint8Array.of(0, 0));
    await drawLive({ density: ranges });
    pointer("pointerdown", 400, 200, { button: 0, shiftKey: true });
    for (let i = 1; i <= 60; i++)
      pointer("pointermove", 300 + 100 * Math.cos(i / 10), 200 + 100 * Math.sin(i / 10), { shiftKey: true });
    pointer("pointerup", 400, 200);
    await vi.waitFor(async () => expect(await link.ask("selection", {})).toHaveLength(1));
    const [part] = await link.ask("selection", {});
    const { clause } = part!;
    expect(clause.kind === "polygon" ? clause.corners.length : 0).toBeGreaterThan(12);
  });

  test("a selection that is cleared elsewhere is no longer shown", async () => {
    await drawLive();
    stage().focus();
    press("r");
    press("Enter");
    await vi.waitFor(async () => expect(await link.ask("selection", {})).toHaveLength(1));
    expect(count()).toMatch(/^\d+ of \d+ figures$/);
    await vi.waitFor(() => expect(texts(".figloom-selection-line .figloom-own")).toHaveLength(1));
    await link.ask("clearSelection", {});
    await vi.waitFor(() => expect(count()).toBe(`${FIGURES} figures`));
    expect(texts(".figloom-selection-line .figloom-own")).toEqual([]);
  });

  test("a region can be chosen by keys alone", async () => {
    await drawLive();
    stage().focus();
    press("r");
    const before = count();
    for (let i = 0; i < 8; i++) press("ArrowLeft");
    expect(count()).toMatch(/^\d+ of \d+ figures$/);
    expect(before).toMatch(/^\d+ of \d+ figures$/);
    press("Escape");
    expect(count()).toBe(`${FIGURES} figures`);
    expect(await link.ask("selection", {})).toEqual([]);
    press("r");
    press("Enter");
    await vi.waitFor(async () => expect((await link.ask("selection", {}))[0]?.clause.kind).toBe("polygon"));
  });

  test("Enter opens the figure nearest to the middle, and closing gives the focus back", async () => {
    await drawLive();
    stage().focus();
    press("+");
    press("Enter");
    await vi.waitFor(() => expect(document.querySelector("dialog")).not.toBeNull());
    await vi.waitFor(() => expect(find("dialog").textContent).toMatch(/Figure \d/));
    expect(texts("dialog .figloom-position").join()).toContain(`/ ${FIGURES}`);
    find<HTMLDialogElement>("dialog").close();
    expect(document.activeElement).toBe(stage());
  });

  test("pointing at a figure tells what it is", async () => {
    await drawLive();
    // A square of the plane is drawn square, or each axis fills its side: the smallest figure stands at bottom left.
    const { x, y } = view().density!;
    const units = { x: (x[1] - x[0]) / (600 - 32), y: (y[1] - y[0]) / (400 - 32) };
    const right = 300 + (96 - (x[0] + x[1]) / 2) / units.x;
    const down = 200 - (96 - (y[0] + y[1]) / 2) / units.y;
    pointer("pointermove", right, down);
    await vi.waitFor(() => expect(find(".figloom-map-tip").hidden).toBe(false));
    expect(find(".figloom-map-tip").textContent).toContain("Measurements of series 0");
    pointer("pointerleave", 0, 0);
    expect(find(".figloom-map-tip").hidden).toBe(true);
  });
});
