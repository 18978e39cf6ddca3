/** A drawing by Observable Plot as plain data: what is drawn is also what can be written down as code that draws it. */
import type * as PlotModule from "@observablehq/plot";

export type Plot = typeof PlotModule;

type MarkName = "rectY" | "barX" | "areaY" | "lineY" | "ruleX" | "ruleY" | "tickX" | "dot" | "text";

export interface MarkSpec {
  mark: MarkName;
  /** Says what the data is; in code the name of a constant. */
  name: string;
  data: readonly (Record<string, unknown> | number)[];
  /** Channels by name of a field, and constants. */
  options?: Record<string, unknown>;
}

export interface PlotSpec {
  options: Omit<PlotModule.PlotOptions, "marks" | "document">;
  marks: readonly MarkSpec[];
}

/** What Plot takes. `Plot` is handed in so that neither side has to load the library before something is drawn. */
export function plotOptions(
  { options, marks }: PlotSpec,
  Plot: Plot,
): PlotModule.PlotOptions & { marks: PlotModule.Markish[] } {
  const make = Plot as unknown as Record<MarkName, (data: unknown, options: object) => PlotModule.Markish>;
  return {
    ...options,
    marks: marks.map(({ mark, data, options }) => make[mark]([...data], { ...options })),
  };
}

/** Where code is to draw: a page (or Observable), which has a document, or a cell of a notebook, which has none. */
export type PlotPlace = "page" | "cell";

/** A module with its data that draws the plot again. */
export function plotCode({ options, marks }: PlotSpec, title: string, place: PlotPlace): string {
  const constants = new Map<string, string>();
  const lines = marks.map(({ mark, name, data, options }) => {
    if (!constants.has(name)) constants.set(name, rows(data));
    return `    Plot.${mark}(${name}, ${json(options ?? {})}),`;
  });
  const fields = Object.entries(options).map(([name, value]) => `  ${name}: ${json(value)},`);
  const inCell = place === "cell";
  return [
    `// ${title.replaceAll(/\s+/g, " ")}. Drawn by Observable Plot: https://observablehq.com/plot`,
    'import * as Plot from "@observablehq/plot";',
    ...(inCell ? ['import { JSDOM } from "jsdom";', 'import { display } from "tslab";'] : []),
    "",
    ...[...constants].map(([name, data]) => `const ${name} = ${data};`),
    "",
    "const plot = Plot.plot({",
    ...(inCell ? ['  document: new JSDOM("").window.document,'] : []),
    ...fields,
    "  marks: [",
    ...lines,
    "  ],",
    "});",
    inCell ? "display.html(plot.outerHTML);" : "document.body.append(plot);",
    "",
  ].join("\n");
}

const rows = (data: MarkSpec["data"]): string => `[\n${data.map((row) => `  ${json(row)},\n`).join("")}]`;

/** JSON that is harmless wherever it is pasted: inside a script element, too. */
function json(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
