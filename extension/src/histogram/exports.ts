import { plotCode, type Choice, type HistogramView, type RowCounts } from "figloom/views";
import { copyText } from "../common/copy.js";
import { codeExports, drawExportMenu } from "../common/export-menu.js";
import { __ } from "../common/words.js";
import type { Chart } from "./chart.js";
import { histogramCode } from "./code.js";
import { csvFile, pngFile, saveFile, svgFile } from "./save.js";

export interface Exported {
  view: HistogramView;
  chart: Chart;
  /** What is drawn when something is chosen of the menu. */
  choice(): Choice;
  counts(): RowCounts;
}

/**
 * The menu of what can be taken along: pictures, counts, code.
 * @param insert puts code into a cell below; `null` where there is no notebook
 * @param say shows what was done
 */
export function drawExports(
  { view, chart, choice, counts }: Exported,
  insert: ((code: string) => void) | null,
  say: (text: string) => void,
): HTMLElement {
  const name = view.metric.replaceAll(/[^\w.-]+/g, "-");
  return drawExportMenu(
    [
      { label: __("SVG"), run: () => saveFile(svgFile(chart.drawing), "image/svg+xml", `${name}.svg`) },
      {
        label: __("PNG"),
        run: async () => saveFile(await pngFile(chart.drawing), "image/png", `${name}.png`),
      },
      {
        label: __("CSV of the bins"),
        run: () => saveFile(csvFile(view, choice(), counts()), "text/csv", `${name}.csv`),
      },
      {
        label: __("Copy plot code"),
        run: () => copyText(plotCode(chart.spec(), view.title, "page")),
        done: __("The code is copied: it draws this plot on a page, with Observable Plot alone."),
      },
      ...(insert
        ? [
            {
              label: __("Insert plot code"),
              run: () => insert(plotCode(chart.spec(), view.title, "cell")),
              done: __("A cell below draws this plot, with Observable Plot alone."),
            },
          ]
        : []),
      ...(view.live ? codeExports(() => histogramCode(view, view.live!, choice()), insert) : []),
    ],
    say,
  );
}
