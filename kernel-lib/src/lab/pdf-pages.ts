import sharp from "sharp";
import { ConfigurationError } from "../errors.js";
import { drawPageRegion } from "../figures/pdf.js";
import type { Figure } from "../model.js";
import type { Archive } from "../papers/archive/archive.js";
import { DEFAULT_PDF_LIMITS } from "../papers/pdf/limits.js";
import { locateFloats, type Located } from "../papers/pdf/locate.js";
import type { PageRegion, PageView } from "../views/page.js";

/** Pixels of a page's longer side, as shown. */
const PAGE_SIDE = 1400;
const DRAW_SECONDS = 30;
/** Characters of a caption in the list beside the page. */
const CAPTION_SHOWN = 90;

/** The pages of a paper that came as PDF, with what was found on them. */
export class PdfPages {
  #located: Promise<Located> | undefined;

  /** @param figures in the order in which the reader found them */
  constructor(
    private readonly archive: Archive,
    private readonly figures: readonly Figure[],
  ) {}

  /**
   * @param number from 1
   * @throws {ConfigurationError} where there is no such page
   */
  async view(number: number, signal: AbortSignal): Promise<PageView> {
    const { pages, floats } = await this.#locate(signal);
    const { source } = this.archive;
    const page = pages[number - 1];
    if (!page) throw new ConfigurationError(`${source} has no page ${number}; it has 1 to ${pages.length}.`);
    const regions = floats.flatMap((float, i): PageRegion[] => {
      const box = float.page === number && float.box ? float.box : null;
      const captionBox = float.caption.page.page.number === number ? float.captionBox : null;
      if (!box && !captionBox) return [];
      const { figure_id, number: printed, caption } = this.figures[i]!;
      const shown = caption.length > CAPTION_SHOWN ? `${caption.slice(0, CAPTION_SHOWN - 1)}…` : caption;
      const { float: kind, confidence } = float;
      return [{ figure_id, float: kind, number: printed, caption: shown, box, captionBox, confidence }];
    });
    const picture = await this.#draw(number, page, signal);
    return { source, number, pages: pages.length, width: page.width, height: page.height, picture, regions };
  }

  #locate(signal: AbortSignal): Promise<Located> {
    return (this.#located ??= locateFloats(this.archive, DEFAULT_PDF_LIMITS, signal).catch(
      (error: unknown) => {
        this.#located = undefined;
        throw error;
      },
    ));
  }

  async #draw(number: number, page: { width: number; height: number }, signal: AbortSignal): Promise<string> {
    const region = [0, 0, page.width, page.height] as const;
    const bytes = this.archive.read(this.archive.paths[0]!)!;
    const { data, width, height } = await drawPageRegion(
      bytes,
      number,
      region,
      PAGE_SIDE,
      DRAW_SECONDS,
      signal,
    );
    const small = await sharp(data, { raw: { width, height, channels: 3 } })
      .webp({ quality: 80 })
      .toBuffer();
    return `data:image/webp;base64,${small.toString("base64")}`;
  }
}
