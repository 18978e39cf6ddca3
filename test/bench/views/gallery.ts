import type { Page } from "playwright-core";
import { setTimeout as sleep } from "node:timers/promises";
import { randomOf } from "../../support/synthetic/words.js";
import { median } from "../support/timing.js";
import type { Part } from "../support/report.js";
import { measured } from "./measured.js";
import { memoryOf, memoryWhenShort } from "./memory.js";
import { opening, runCell, withNotebook } from "./notebook.js";

const JUMPS = 12;
const WHEEL = { turns: 60, pixels: 240, every: 25 };
/** Milliseconds for which somebody looks before the next jump. */
const LOOK = 300;

/** A gallery over all figures: the first pictures, jumps to rows anywhere, scrolling, and the page's memory. */
export async function benchGallery(folder: string, figures: number, rounds: number): Promise<Part> {
  const cells = [opening(folder), "await lab.gallery();"];
  return withNotebook(cells, async (page) => {
    await runCell(page, 0);
    const before = await memoryOf(page);
    const random = randomOf(1);
    const [first, jumps, waits, pages] = [[], [], [], []] as number[][] as [
      number[],
      number[],
      number[],
      number[],
    ];
    const [typical, longest, over] = [[], [], []] as number[][] as [number[], number[], number[]];
    for (let round = 0; round < rounds; round++) {
      first.push(await firstPictures(page));
      await allHere(page, figures);
      for (let jump = 0; jump < JUMPS; jump++) {
        const { took, waited } = await jumpTo(page, 1 + Math.floor(random() * figures));
        jumps.push(took);
        waits.push(waited);
        await sleep(LOOK);
      }
      for (let screen = 0; screen < JUMPS; screen++) {
        pages.push(await pageDown(page));
        await sleep(LOOK);
      }
      const frames = await wheel(page);
      typical.push(median(frames));
      longest.push(Math.max(...frames));
      over.push(frames.filter((length) => length > 50).length);
    }
    const after = await memoryOf(page);
    const short = await memoryWhenShort(page);
    return {
      title: "Gallery",
      items: `${figures.toLocaleString("en")} figures`,
      commands: {
        "first pictures": "from the output's message to the frame that shows all pictures in sight, decoded",
        jump: "g, a row's number, Enter; from the last key to the frame that shows all pictures in sight of that row's place, decoded",
        "a screen on": "the same for Page Down",
        scrolling: `${WHEEL.turns} turns of the wheel by ${WHEEL.pixels} pixels; time from frame to frame`,
        memory:
          "of the page, JupyterLab included, after all this: the renderer's process (Pss), and JavaScript's heap in it",
      },
      figures: {},
      rows: [
        measured("first pictures", first, { bar: 500 }),
        measured("jump to any row", jumps, { bar: 100 }),
        measured("of it, until the kernel's last answer", waits),
        measured("a screen on", pages),
        measured("scrolling, a round's usual frame", typical),
        measured("scrolling, a round's longest frame", longest, { bar: 50 }),
        measured("scrolling, a round's frames over 50 ms", over, { unit: "" }),
        measured("memory", [after.process], { unit: "MiB", bar: 400 }),
        measured("of it, JavaScript", [after.heap], { unit: "MiB" }),
        measured("memory, told that it is short", [short], { unit: "MiB" }),
        measured("memory before the gallery", [before.process], { unit: "MiB" }),
      ],
    };
  });
}

async function firstPictures(page: Page): Promise<number> {
  await page.evaluate(() => {
    eyes.arrived = NaN;
    // The output of the round before goes when this one comes.
    eyes.wait(eyes.drawn(() => !Number.isNaN(eyes.arrived)).then(() => eyes.pictured(0)));
  });
  await runCell(page, 1);
  return page.evaluate(async () => (await eyes.waited()) - eyes.arrived);
}

/** Waits until the kernel gives the rows. */
async function allHere(page: Page, figures: number): Promise<void> {
  const count = `${figures.toLocaleString("en-US")} figures`;
  await page
    .locator(".figloom-gallery [role=status]")
    .first()
    .filter({ hasText: new RegExp(`^${count}`) })
    .waitFor({ timeout: 600_000 });
  await page.evaluate(() => eyes.drawn(() => !document.querySelector(".figloom-gallery [aria-busy=true]")));
  await page.locator(".figloom-gallery [role=listbox]").first().focus();
}

/** Goes to a row by its number, as the focus is in a gallery; also how long it waited for the kernel. */
export async function jumpTo(page: Page, row: number): Promise<{ took: number; waited: number }> {
  await page.keyboard.press("g");
  await page.keyboard.type(String(row));
  await page.evaluate((wanted) => {
    eyes.asked.length = 0;
    eyes.wait(eyes.pictured(0, wanted));
  }, row);
  await page.keyboard.press("Enter");
  return page.evaluate(async () => {
    const at = await eyes.waited();
    const answered = eyes.asked.map((one) => one.answered).filter((time) => time <= at);
    return { took: at - eyes.acted, waited: Math.max(eyes.acted, ...answered) - eyes.acted };
  });
}

async function pageDown(page: Page): Promise<number> {
  const from = await page.evaluate(
    () => document.querySelector(".figloom-gallery .figloom-active")?.getAttribute("aria-posinset") ?? "",
  );
  await page.evaluate((before) => {
    const active = () => document.querySelector(".figloom-gallery .figloom-active:not([hidden])");
    const moved = () => active() !== null && active()!.getAttribute("aria-posinset") !== before;
    eyes.wait(eyes.drawn(moved).then(() => eyes.pictured(0)));
  }, from);
  await page.keyboard.press("PageDown");
  return page.evaluate(async () => (await eyes.waited()) - eyes.acted);
}

async function wheel(page: Page): Promise<number[]> {
  await page.locator(".figloom-gallery .figloom-scroller").first().hover();
  await page.evaluate(() => eyes.watchFrames());
  for (let turn = 0; turn < WHEEL.turns; turn++) {
    await page.mouse.wheel(0, WHEEL.pixels);
    await sleep(WHEEL.every);
  }
  return page.evaluate(() => eyes.framesWatched());
}
