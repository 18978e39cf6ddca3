import { statSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import sharp from "sharp";
import { execute } from "../browser/jupyterlab.js";
import { picturesDrawn } from "../support/pictures.js";

/** A picture larger than this is too heavy for a page that holds a dozen of them. */
const BYTES = 200_000;

const THEMES = ["light", "dark"] as const;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Takes pictures of parts of a page, each in the light and in the dark theme. */
export class Camera {
  constructor(
    private readonly page: Page,
    private readonly folder: string,
  ) {}

  /**
   * Writes `<name>-light.webp` and `<name>-dark.webp`.
   * @param part what is in the picture, as far as it is in sight
   * @param options within: where the picture ends at the latest; margin: pixels of its ground to put around it;
   *   pose: what is done before each picture, in its theme
   */
  async take(
    name: string,
    part: Locator,
    { within, margin = 0, pose }: { within?: Locator; margin?: number; pose?: () => Promise<void> } = {},
  ): Promise<void> {
    for (const theme of THEMES) {
      await this.#theme(theme);
      await pose?.();
      await this.#settle(part);
      const clip = common((await part.boundingBox())!, (await within?.boundingBox()) ?? this.#window());
      const png = await this.page.screenshot({ clip, animations: "disabled", caret: "hide" });
      const file = join(this.folder, `${name}-${theme}.webp`);
      await sharp(await widened(png, margin))
        .webp({ quality: 82, effort: 6, smartSubsample: true })
        .toFile(file);
      const { size } = statSync(file);
      console.log(`${name}-${theme}.webp  ${Math.round(size / 1000)} kB${size > BYTES ? ": heavy" : ""}`);
    }
    await this.#theme("light");
  }

  async #theme(theme: (typeof THEMES)[number]): Promise<void> {
    const name = theme === "light" ? "JupyterLab Light" : "JupyterLab Dark";
    await execute(this.page, "apputils:change-theme", { theme: name });
    await this.page.waitForSelector(`body[data-jp-theme-light=${theme === "light"}]`, { state: "attached" });
  }

  /** Waits until pictures are there, nothing is being asked, and what changed is drawn. */
  async #settle(part: Locator): Promise<void> {
    await picturesDrawn(part);
    await this.page.waitForFunction(
      (node) =>
        node !== null &&
        [...node.querySelectorAll("img")].every((image) => image.complete) &&
        node.querySelector("[aria-busy=true]") === null,
      await part.elementHandle(),
    );
    await this.page.evaluate(async () => {
      await document.fonts.ready;
      for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame);
    });
  }

  #window(): Box {
    return { x: 0, y: 0, ...this.page.viewportSize()! };
  }
}

/** Puts more of the colour of its first pixel around a picture. */
async function widened(png: Buffer, margin: number): Promise<Buffer> {
  const corner = { left: 0, top: 0, width: 1, height: 1 };
  const [r = 0, g = 0, b = 0] = await sharp(png).extract(corner).removeAlpha().raw().toBuffer();
  const [top, bottom, left, right] = [margin, margin, margin, margin];
  return sharp(png).extend({ top, bottom, left, right, background: { r, g, b } }).png().toBuffer();
}

function common(a: Box, b: Box): Box {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const [right, bottom] = [Math.min(a.x + a.width, b.x + b.width), Math.min(a.y + a.height, b.y + b.height)];
  return { x, y, width: right - x, height: bottom - y };
}
