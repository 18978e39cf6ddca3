import { errorText, ItemError } from "../../errors.js";
import type { Archive } from "../../papers/archive/archive.js";
import type { TexDrawings, TexSource } from "../../papers/reading.js";
import type { RenderLimits } from "../limits.js";
import type { Picture } from "../picture.js";
import { drawInk } from "./page.js";
import { DRAWS_NOTHING, failed, texError, TOO_SLOW, type TexProblem } from "./problems.js";
import { typesetFloats, type Typeset } from "./typeset.js";

/** Share of the time for a figure that typesetting all of a paper may take, so that its results are not lost. */
const BUDGET = 0.75;

/** What was typeset of the papers that are at hand. */
const papers = new WeakMap<TexDrawings, Promise<Typeset[]>>();

/**
 * Draws a float with the TeX of its paper, when TeX is installed: the first one that is asked for has all floats of the
 * paper typeset, in about a second, the others then take 0.1 s each. The TeX is cut off from everything, see
 * `runTex`; what it made is a PDF, drawn by PDFium.
 * @throws {ItemError} `tex-missing`, `tex-package-missing`, `tex-file-missing`, `tex-failed`, `tex-reads-outside`,
 *   `tex-draws-nothing`, `image-too-slow`. When `signal` is aborted, its reason is thrown.
 */
export async function drawTex(
  { drawings, float }: TexSource,
  archive: Archive,
  limits: RenderLimits,
  signal: AbortSignal,
): Promise<Picture> {
  const { file } = drawings.floats[float]!;
  const problem = (what: TexProblem) => texError(what, file, archive.source);
  try {
    const typeset = (await typesetOnce(drawings, archive, limits, signal))[float]!;
    if ("problem" in typeset) throw problem(typeset.problem);
    const { vectorLongSide, graphicSeconds } = limits;
    const picture = await drawInk(typeset.pdf, typeset.page, vectorLongSide, graphicSeconds, signal);
    if (!picture) throw problem(DRAWS_NOTHING);
    return picture;
  } catch (error) {
    if (error instanceof ItemError) throw error;
    if (error instanceof Error && error.name === "TimeoutError") throw problem(TOO_SLOW);
    signal.throwIfAborted();
    throw problem(failed(errorText(error)));
  }
}

function typesetOnce(
  drawings: TexDrawings,
  archive: Archive,
  { graphicSeconds, figureSeconds }: RenderLimits,
  signal: AbortSignal,
): Promise<Typeset[]> {
  let typeset = papers.get(drawings);
  if (!typeset) {
    const budget = figureSeconds * BUDGET;
    typeset = typesetFloats(drawings, archive, graphicSeconds, budget, signal);
    papers.set(drawings, typeset);
    typeset.catch(() => papers.delete(drawings));
  }
  return typeset;
}
