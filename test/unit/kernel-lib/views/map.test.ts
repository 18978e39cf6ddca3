import { describe, expect, test } from "vitest";
import { densityOf } from "../../../../kernel-lib/src/views/map-density.js";
import {
  bytesOf,
  classColour,
  floatsOf,
  MOST_BINS,
  MOST_CLASSES,
  NO_CLASS,
  shortsOf,
  ticksOf,
  type MapView,
} from "../../../../kernel-lib/src/views/map.js";
import { mapHtml, mapText } from "../../../../kernel-lib/src/views/twins/map.js";

const EVIL = `<script>harmed = 1</script><img src=x onerror="harmed=1">`;

function view(overrides: Partial<MapView> = {}): MapView {
  const x = Float32Array.of(0, 1, 1, 10, NaN);
  const y = Float32Array.of(0, 0, 0, 5, 1);
  return {
    title: "Sizes",
    how: null,
    x: { column: "figure.width", label: "width (pixels)" },
    y: { column: "figure.height", label: "height (pixels)" },
    colour: { column: "figure.kind", label: "source", scale: "category", rest: null },
    classes: [
      { name: "latex", count: 3 },
      { name: "pdf", count: 1 },
    ],
    placed: 4,
    without: 1,
    density: densityOf(x, y, Uint8Array.of(0, 0, 1, 1, 0)),
    live: null,
    ...overrides,
  };
}

describe("the density of points", () => {
  test("counts each point once, in its cell, with the commonest class there", () => {
    const x = Float32Array.of(0, 0, 0, 10);
    const y = Float32Array.of(0, 0, 0, 10);
    const { counts, classes, ...grid } = densityOf(x, y, Uint8Array.of(4, 2, 4, NO_CLASS), {
      columns: 2,
      rows: 2,
    })!;
    expect([...shortsOf(counts)]).toEqual([3, 0, 0, 1]);
    expect([...bytesOf(classes)]).toEqual([4, NO_CLASS, NO_CLASS, NO_CLASS]);
    expect(grid.x[0]).toBeLessThan(0);
    expect(grid.x[1]).toBeGreaterThan(10);
  });

  test("takes points that all lie in one place, and is none without a point", () => {
    const [same, none] = [Float32Array.of(7, 7), Float32Array.of(NaN, NaN)];
    expect([...shortsOf(densityOf(same, same, new Uint8Array(2))!.counts)].filter(Boolean)).toEqual([2]);
    expect(densityOf(none, same, new Uint8Array(2))).toBeNull();
  });

  test("stays under 200 kB", () => {
    expect(JSON.stringify(view()).length).toBeLessThan(200_000);
  });
});

describe("what travels as base64", () => {
  test("comes back as the numbers that were sent", () => {
    const floats = Float32Array.of(1.5, -2.25, NaN, 3e30);
    expect(floatsOf(Buffer.from(floats.buffer).toString("base64"))).toEqual(floats);
    expect([...shortsOf(Buffer.from(Uint16Array.of(0, 513, 65_535).buffer).toString("base64"))]).toEqual([
      0, 513, 65_535,
    ]);
    expect(floatsOf("")).toHaveLength(0);
  });
});

describe("ticks", () => {
  test("are round and inside the range", () => {
    expect(ticksOf(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticksOf(-0.3, 0.31, 4)).toEqual([-0.2, 0, 0.2]);
    expect(ticksOf(5, 5, 5)).toEqual([]);
    expect(ticksOf(0, Infinity, 5)).toEqual([]);
  });
});

describe("the colours", () => {
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const share = parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const contrast = (a: string, b: string) => {
    const [low, high] = [luminance(a), luminance(b)].sort((one, other) => one - other);
    return (high! + 0.05) / (low! + 0.05);
  };
  const all = [
    ...Array.from({ length: MOST_CLASSES }, (_, i) =>
      classColour(i, { scale: "category", rest: MOST_CLASSES - 1, count: MOST_CLASSES }),
    ),
    ...Array.from({ length: MOST_BINS }, (_, i) =>
      classColour(i, { scale: "number", rest: null, count: MOST_BINS }),
    ),
  ];

  test.each([
    ["light", "#ffffff"],
    ["dark", "#111111"],
  ])("stand out from JupyterLab's %s ground", (_, ground) => {
    for (const colour of all) expect(contrast(colour, ground), colour).toBeGreaterThanOrEqual(3);
  });

  test("are all different, but for all others and none", () => {
    expect(new Set(all).size).toBe(all.length);
    const scale = { scale: "category", rest: 3, count: 4 } as const;
    expect(classColour(3, scale)).toBe(classColour(NO_CLASS, scale));
  });

  test("of a few bins still span the scale", () => {
    const ends = [0, 1].map((i) => classColour(i, { scale: "number", rest: null, count: 2 }));
    expect(ends).toEqual([all[MOST_CLASSES], all.at(-1)]);
  });
});

describe("the twins", () => {
  test("say how many figures there are, what the axes are, and what the colours mean", async () => {
    const html = await mapHtml(view());
    expect(html).toContain("4 figures, 1 without a place");
    expect(html).toContain("width (pixels)");
    expect(html).toMatch(/<image[^>]+href="data:image\/png;base64,[A-Za-z0-9+/]+=*"/);
    expect(html).toContain("latex");
    expect(html.length).toBeLessThan(60_000);
    const text = mapText(view());
    expect(text).toContain("across: width (pixels), ");
    expect(text).toContain("source: latex 3, pdf 1");
    expect(text.split("\n").filter((line) => line.startsWith("  │"))).toHaveLength(20);
  });

  test("say what to do where nothing has a place", async () => {
    const nothing = view({ density: null, placed: 0 });
    expect(await mapHtml(nothing)).toContain("No figure here has a place");
    expect(mapText(nothing)).toContain("No figure here has a place");
  });

  test("keep hostile names as text", async () => {
    const evil = view({
      title: EVIL,
      how: EVIL,
      x: { column: "x", label: EVIL },
      classes: [{ name: EVIL, count: 1 }],
    });
    const html = await mapHtml(evil);
    expect(html).not.toContain("<script");
    expect(html).not.toContain("<img");
  });
});
