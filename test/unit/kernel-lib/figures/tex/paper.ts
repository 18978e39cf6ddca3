/** Papers written on the spot whose figures TeX draws. */
import sharp from "sharp";
import { ItemError } from "../../../../../kernel-lib/src/errors.js";
import type { RenderLimits } from "../../../../../kernel-lib/src/figures/limits.js";
import { renderFigure, type RenderedFigure } from "../../../../../kernel-lib/src/figures/render.js";
import { findTex } from "../../../../../kernel-lib/src/figures/tex/installation.js";
import { readLatex } from "../../../../../kernel-lib/src/papers/latex/index.js";
import { archiveOf } from "../graphics.js";

const tex = await findTex();
export const hasTex = tex !== undefined;
/** dvips and Ghostscript are there, too. */
export const hasPostScript = Boolean(tex?.postscript);

type Files = Parameters<typeof archiveOf>[0];

export interface Written {
  preamble?: string;
  documentClass?: string;
  files?: Files;
  limits?: Partial<RenderLimits>;
  main?: string;
  signal?: AbortSignal;
}

/** The floats of a paper in order, each drawn by TeX or with the reason why not. */
export async function drawAll(
  body: string,
  { preamble = "", documentClass = "article", files = {}, limits, main = "main.tex", signal }: Written = {},
): Promise<(RenderedFigure | ItemError)[]> {
  const text = `\\documentclass{${documentClass}}\n${preamble}\n\\begin{document}\n${body}\n\\end{document}\n`;
  const archive = archiveOf({ [main]: text, ...files });
  const { figures, pictures } = readLatex(archive);
  const drawn: (RenderedFigure | ItemError)[] = [];
  for (const { figure_id } of figures) {
    const source = pictures.get(figure_id)?.find(({ from }) => from === "tex");
    if (!source) throw new Error(`${figure_id} is not drawn by TeX`);
    try {
      drawn.push(await renderFigure({ archive, source, limits, signal }));
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      drawn.push(error);
    }
  }
  return drawn;
}

export const float = (content: string) =>
  `\\begin{figure}\\centering ${content}\\caption{A caption.}\\end{figure}\n`;

/** A paper with this in its only figure, drawn. */
export async function draw(content: string, written?: Written): Promise<RenderedFigure> {
  const [drawn] = await drawAll(float(content), written);
  if (drawn instanceof ItemError) throw drawn;
  return drawn!;
}

/** A paper with this in its only figure, and why that is not drawn. */
export async function problem(content: string, written?: Written): Promise<ItemError> {
  const [drawn] = await drawAll(float(content), written);
  if (!(drawn instanceof ItemError)) throw new Error("it was drawn");
  return drawn;
}

/** Shares of the picture that are of a colour, by its darkest component: `[1, 0, 0]` for red. */
export async function shareOf(png: Buffer, colour: readonly [number, number, number]): Promise<number> {
  const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let at = 0; at < data.length; at += 3)
    if (colour.every((part, i) => Math.abs(data[at + i]! - 255 * part) < 8)) count++;
  return count / (data.length / 3);
}
