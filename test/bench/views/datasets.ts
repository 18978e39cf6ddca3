import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { synthesizeLarge, type LargeOptions } from "../../support/synthetic/large.js";

/** Where datasets are kept from one run of the bench to the next. */
export class Datasets {
  constructor(
    private readonly home: string,
    private readonly say: (text: string) => void,
  ) {}

  /** A made-up dataset; made where there is none of this size yet: a million figures take half a minute. */
  async of(figures: number, content: NonNullable<LargeOptions["content"]>): Promise<string> {
    const folder = join(this.home, `${content}-${figures}`);
    // Written last.
    if (existsSync(join(folder, "dataset.json"))) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    this.say(`Making a dataset of ${figures.toLocaleString("en")} figures in ${folder}`);
    const start = performance.now();
    await synthesizeLarge(folder, { figures, content });
    this.say(`made in ${((performance.now() - start) / 1000).toFixed(0)} s`);
    return folder;
  }
}
