import type { Page } from "playwright-core";
import { DatasetService } from "../../../kernel-lib/src/service/dataset-service.js";
import type { DatasetEvents, DatasetMethods } from "../../../kernel-lib/src/views/dataset-service.js";
import { EVERYTHING } from "../../../kernel-lib/src/views/query.js";
import { inProcessLink } from "../../support/in-process-link.js";
import type { Part } from "../support/report.js";
import { timed } from "../support/timing.js";
import { measured, type Measured } from "./measured.js";
import { memoryOf } from "./memory.js";
import { opening, runCell, withNotebook } from "./notebook.js";

const STEPS = 10;
const BAR = 200;
const [BRUSHED, BINNED] = ["score.support@extractive", "figure.width"];
const SCORES = 2;

/** A range is dragged over one histogram: until another one shows what it leaves, and what the kernel takes of that. */
export async function benchBrushing(folder: string, figures: number, rounds: number): Promise<Part> {
  const inPage = await brushInPage(folder, rounds);
  const alone = await brushAlone(folder, rounds);
  return {
    title: "Brushing",
    items: `${figures.toLocaleString("en")} figures with ${SCORES} scores each`,
    commands: {
      bars: "from a move of the pointer to the frame that shows the other histogram's bars anew",
      kernel: "select, then bins of the other histogram; in this process, without a page or Jupyter",
    },
    figures: {},
    rows: [...inPage, ...alone],
  };
}

async function brushInPage(folder: string, rounds: number): Promise<Measured[]> {
  const cells = [opening(folder), `await lab.histogram("support");`, `await lab.histogram("${BINNED}");`];
  return withNotebook(cells, async (page) => {
    for (const cell of [0, 1, 2]) await runCell(page, cell);
    const bars = await drag(page, rounds);
    const { process } = await memoryOf(page);
    return [
      measured("bars of another histogram", bars, { bar: BAR }),
      measured("memory", [process], { unit: "MiB", bar: 400 }),
    ];
  });
}

/** Milliseconds from each move of the pointer until the other histogram's bars show it. */
async function drag(page: Page, rounds: number): Promise<number[]> {
  // Not by a locator: the drawing is another with each count.
  await page.evaluate(() => document.querySelector(".figloom-histogram")!.scrollIntoView());
  // Both histograms have been counted.
  await page.evaluate(async () => {
    const said = () => [...document.querySelectorAll(".figloom-histogram .figloom-titles [role=status]")];
    await eyes.drawn(() => said().every(({ textContent }) => /figures/.test(textContent ?? "")));
  });
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { x, y, width, height } = await page.evaluate(() =>
      document.querySelector(".figloom-histogram .figloom-plot svg")!.getBoundingClientRect().toJSON(),
    );
    const middle = y + height / 2;
    await page.mouse.move(x + width * 0.3, middle);
    await page.mouse.down();
    for (let step = 0; step < STEPS; step++) {
      await page.evaluate(barsAnew);
      await page.mouse.move(x + width * (0.4 + 0.04 * step), middle);
      took.push(await page.evaluate(async () => (await eyes.waited()) - eyes.acted));
    }
    await page.mouse.up();
    await page.evaluate(barsAnew);
    await page.mouse.dblclick(x + width * 0.35, middle);
    await page.evaluate(() => eyes.waited());
  }
  return took;
}

/** Runs in the page. */
function barsAnew(): void {
  const other = document.querySelectorAll(".figloom-histogram")[1]!;
  const [plot, said] = [".figloom-plot svg", ".figloom-titles [role=status]"].map(
    (part) => () => other.querySelector(part),
  );
  const before = { plot: plot!(), text: said!()?.textContent };
  eyes.wait(eyes.drawn(() => plot!() !== before.plot && said!()?.textContent !== before.text));
}

async function brushAlone(folder: string, rounds: number): Promise<Measured[]> {
  const link = inProcessLink<DatasetMethods, DatasetEvents>((emit) => DatasetService.of(folder).desk(emit));
  const asked = { query: EVERYTHING, source: "other", column: BINNED, scale: "linear" } as const;
  const opened = await timed(() => link.ask("bins", asked));
  const { edges } = await link.ask("bins", asked);
  const took: number[] = [];
  for (let step = 0; step < rounds * STEPS; step++) {
    const clause = { kind: "range", column: BRUSHED, from: 0.3, to: 0.4 + (0.5 * step) / (rounds * STEPS) };
    took.push(
      await timed(async () => {
        await link.ask("select", { source: "brush", label: "brushed", clause: clause as never });
        await link.ask("bins", { ...asked, edges });
      }),
    );
  }
  await link.ask("clearSelection", {});
  return [
    measured("kernel alone: what a move selects", took, { bar: BAR }),
    measured("kernel alone: its first answer, the dataset opened", [opened]),
  ];
}
