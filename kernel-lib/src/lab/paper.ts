import { basename } from "node:path";
import sharp from "sharp";
import { ConfigurationError, ItemError } from "../errors.js";
import { renderFigure } from "../figures/render.js";
import { kernelSignal } from "../kernel/interrupt.js";
import type { Figure, Paper } from "../model.js";
import type { Archive } from "../papers/archive/archive.js";
import { openArchive } from "../papers/archive/open.js";
import { readPaper } from "../papers/read-paper.js";
import type { PictureSource, Reading } from "../papers/reading.js";
import { sourceText } from "../papers/source-text.js";
import { type Anatomy, excerptOf, type PanelView } from "../views/anatomy.js";
import { buildCard } from "../views/card.js";
import type { Picture } from "../views/protocol.js";
import { showAnatomy, showPage } from "./show.js";
import { PdfPages } from "./pdf-pages.js";
import { count, saying } from "./summary.js";

/** Pixels of the longer side, as shown. */
const PICTURE_SIDE = 720;
const PANEL_SIDE = 320;
/** A figure of hundreds of small panels is shown with its first ones. */
const PANELS_SHOWN = 24;

/**
 * Opens one paper to look at how it is read, apart from any dataset: an archive, a single file or a folder, as for
 * `Lab.ingest`.
 *
 * ```ts
 * const paper = await openPaper("papers/1703.09824.tar.gz");
 * paper.figures.map(({ number, caption }) => [number, caption]);
 * await paper.show("3");
 * ```
 * @throws {ItemError} where it cannot be read as a paper; it says why and what can be done
 */
export async function openPaper(path: string): Promise<OpenPaper> {
  const signal = kernelSignal();
  const archive = await openArchive(path);
  return new OpenPaper(archive, await readPaper(archive, { signal }));
}

/** A paper with everything that its reader found in it. */
export class OpenPaper {
  readonly paper: Paper;
  /** Figures and tables in the paper's order; their pictures are drawn when they are shown. */
  readonly figures: Figure[];
  /** What the reader could not follow, one sentence each. */
  readonly warnings: string[];
  /** What the paper came with. */
  readonly files: { path: string; bytes: number }[];
  readonly #archive: Archive;
  readonly #pictures: Reading["pictures"];
  readonly #pages: PdfPages | null;

  /** Use {@link openPaper}. */
  constructor(archive: Archive, reading: Reading) {
    this.paper = reading.paper;
    this.figures = reading.figures;
    this.warnings = reading.warnings;
    this.files = archive.paths.map((path) => ({ path, bytes: archive.read(path)?.length ?? 0 }));
    this.#archive = archive;
    this.#pictures = reading.pictures;
    this.#pages = reading.paper.kind === "pdf" ? new PdfPages(archive, reading.figures) : null;
    const kinds = ["figure", "table"].map((kind) =>
      count(this.figures.filter(({ float }) => float === kind).length, kind),
    );
    saying(
      this,
      `${reading.paper.title ?? archive.source}: ${kinds.join(", ")}, read as ${reading.paper.kind}`,
    );
  }

  /**
   * Shows a figure taken apart: its source as the author wrote it, or its place on the page of a PDF; its picture,
   * caption, panels, and the paragraphs that refer to it.
   * @param which a figure, its id, or its number as printed (`"3"`, `"A1"`; `"Table 2"`)
   * @throws {ConfigurationError} where there is no such figure; it names those that there are
   */
  async show(which: Figure | string | number): Promise<void> {
    const signal = kernelSignal();
    const figure = typeof which === "object" ? which : this.#find(String(which));
    const { file, page } = figure.provenance;
    const text = file === null ? null : sourceText(this.#archive, file, figure.kind);
    const picture = await this.#picture(this.#pictures.get(figure.figure_id) ?? [], PICTURE_SIDE, signal);
    const card = buildCard(figure, {
      paper: this.paper,
      recaptions: [],
      scores: [],
      thumb: null,
      path: null,
    });
    const panels: PanelView[] = [];
    for (const { number, caption, graphics } of figure.panels.slice(0, PANELS_SHOWN)) {
      const sources: PictureSource[] = graphics.length > 0 ? [{ from: "graphics", rows: [graphics] }] : [];
      panels.push({
        number,
        caption,
        files: graphics,
        picture: await this.#picture(sources, PANEL_SIDE, signal),
      });
    }
    const anatomy: Anatomy = {
      card: {
        ...card,
        picture: { ...picture, missing: picture.missing && (figure.image_missing ?? picture.missing) },
      },
      environment: figure.environment,
      source: text === null ? null : excerptOf(figure, text),
      page: page === null || !this.#pages ? null : await this.#pages.view(page, signal),
      panels,
    };
    showAnatomy(anatomy);
  }

  /**
   * Shows a page of a paper that came as PDF, with the regions of its figures and tables and their captions drawn on it.
   * @param number from 1
   * @throws {ConfigurationError} where there is no such page
   */
  async page(number: number): Promise<void> {
    if (!this.#pages)
      throw new ConfigurationError(
        `${basename(this.#archive.source)} came as ${this.paper.kind}: pages are there in a PDF only. Use show("1").`,
      );
    showPage(await this.#pages.view(number, kernelSignal()));
  }

  #find(name: string): Figure {
    const [, table, number] = /^\s*(?:(table|tab\.?)|figure|fig\.?)?\s*(.+?)\s*$/i.exec(name) ?? [];
    const float = table ? "table" : "figure";
    const found =
      this.figures.find(({ figure_id, label }) => figure_id === name || label === name) ??
      this.figures.find((figure) => figure.float === float && figure.number === number);
    if (found) return found;
    const names = this.figures.map(({ figure_id, number }) =>
      number === null ? figure_id : `${figure_id} (${number})`,
    );
    throw new ConfigurationError(
      `${basename(this.#archive.source)} has no figure ${JSON.stringify(name)}; it has: ${names.join(", ") || "none"}.`,
    );
  }

  async #picture(sources: readonly PictureSource[], side: number, signal: AbortSignal): Promise<Picture> {
    let missing = "There is no file to draw it from.";
    for (const source of sources) {
      try {
        const { png, width, height } = await renderFigure({ archive: this.#archive, source, signal });
        const small = await sharp(png)
          .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true })
          .webp({ quality: 82 })
          .toBuffer();
        const thumb = `data:image/webp;base64,${small.toString("base64")}`;
        return { thumb, path: null, width, height, missing: null };
      } catch (error) {
        if (!(error instanceof ItemError)) throw error;
        missing = error.message;
      }
    }
    return { thumb: null, path: null, width: null, height: null, missing };
  }
}
