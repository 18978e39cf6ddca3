import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { Part } from "../support/report.js";
import { median } from "../support/timing.js";
import { measured } from "./measured.js";
import { memoryOf } from "./memory.js";
import { opening, runCell, withNotebook } from "./notebook.js";

const ZOOMS = 6;
const DRAG = { moves: 60, pixels: 4, every: 16 };

/** Figures as points: until all of them are drawn, how the view follows the hand, and the page's memory. */
export async function benchMap(folder: string, figures: number, rounds: number): Promise<Part> {
  const [x, y] = ["score.support@raw", "score.support@extractive"];
  const cells = [opening(folder), `await lab.map({ x: "${x}", y: "${y}", colour: "figure.discipline" });`];
  return withNotebook(cells, async (page) => {
    await runCell(page, 0);
    const [first, zooms] = [[], []] as number[][] as [number[], number[]];
    const [typical, longest] = [[], []] as number[][] as [number[], number[]];
    for (let round = 0; round < rounds; round++) {
      first.push(await allPoints(page));
      // Without the focus a wheel scrolls the notebook.
      await page.locator(".figloom-map-stage").first().focus();
      await page.locator(".figloom-map-stage").first().hover();
      for (let turn = 0; turn < ZOOMS; turn++) zooms.push(await zoom(page, turn < ZOOMS / 2 ? -240 : 240));
      const frames = await drag(page);
      typical.push(median(frames));
      longest.push(Math.max(...frames));
    }
    const { process, heap } = await memoryOf(page);
    return {
      title: "Map",
      items: `${figures.toLocaleString("en")} figures`,
      commands: {
        "all points":
          "from the output's message to the frame that shows every point; its density stands there before",
        "a zoom":
          "from a turn of the wheel to the frame that shows the points anew; until then they are scaled",
        moving: `the map is dragged in ${DRAG.moves} steps; time from frame to frame`,
      },
      figures: {},
      rows: [
        measured("all points", first),
        measured("a zoom, until it is sharp", zooms),
        measured("moving, a round's usual frame", typical),
        measured("moving, a round's longest frame", longest, { bar: 50 }),
        measured("memory", [process], { unit: "MiB", bar: 400 }),
        measured("of it, JavaScript", [heap], { unit: "MiB" }),
      ],
    };
  });
}

async function allPoints(page: Page): Promise<number> {
  await page.evaluate(() => {
    eyes.arrived = NaN;
    const stage = () => document.querySelector<HTMLElement>(".figloom-map-stage");
    const before = stage();
    const drawn = () => stage() !== before && stage()?.dataset["drawn"] !== undefined;
    eyes.wait(eyes.drawn(() => !Number.isNaN(eyes.arrived) && drawn()));
  });
  await runCell(page, 1);
  return page.evaluate(async () => (await eyes.waited()) - eyes.arrived);
}

async function zoom(page: Page, pixels: number): Promise<number> {
  await page.evaluate(() => {
    const stage = document.querySelector<HTMLElement>(".figloom-map-stage")!;
    delete stage.dataset["drawn"];
    eyes.wait(eyes.drawn(() => stage.dataset["drawn"] !== undefined));
  });
  await page.mouse.wheel(0, pixels);
  return page.evaluate(async () => (await eyes.waited()) - eyes.acted);
}

async function drag(page: Page): Promise<number[]> {
  const { x, y, width, height } = (await page.locator(".figloom-map-stage").first().boundingBox())!;
  const [left, middle] = [x + width / 3, y + height / 2];
  await page.mouse.move(left, middle);
  await page.mouse.down();
  await page.evaluate(() => eyes.watchFrames());
  for (let move = 1; move <= DRAG.moves; move++) {
    await page.mouse.move(left + move * DRAG.pixels, middle);
    await sleep(DRAG.every);
  }
  const frames = await page.evaluate(() => eyes.framesWatched());
  await page.mouse.up();
  return frames;
}
