/**
 * Identities of results. A result is made again only when its identity changes: change the prompt and only recaptions
 * are new; change the code around it and nothing is.
 */
import { createHash } from "node:crypto";
import type { Figure, Judgement, Paper } from "../model.js";

/** 128 bits of SHA-256 over the parts, hex. */
function digest(...parts: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** A paper as read: its source, the reader's version, and what the user said about it. */
export function ingestKey(sourceSha256: string, version: number, said: unknown): string {
  return digest("ingest", sourceSha256, version, said);
}

/** What of a figure and its paper a caption is made from or judged by. */
type Evidence = Pick<Figure, "figure_id" | "caption" | "contexts" | "panels" | "sha256">;
type EvidencePaper = Pick<Paper, "title" | "abstract">;

function evidence(figure: Evidence, paper: EvidencePaper): unknown[] {
  return [
    figure.figure_id,
    figure.sha256,
    figure.caption,
    figure.panels.map((panel) => panel.caption),
    figure.contexts.map((context) => context.text),
    paper.title,
    paper.abstract,
  ];
}

/** What else of them a prompt can print: it tells nothing new about the figure, but it is in the question. */
function printed(figure: Printed, paper: Pick<Paper, "discipline">): unknown[] {
  return [
    figure.float,
    figure.number,
    figure.panels.map((panel) => panel.number),
    figure.contexts.map((context) => [context.section, context.sentences]),
    paper.discipline,
  ];
}
type Printed = Pick<Figure, "float" | "number" | "panels" | "contexts">;

/** The text on the figure, for whoever reads it; where there is none, what was made before any was read still holds. */
const readOff = (figure_text: string | null): unknown[] => (figure_text === null ? [] : [figure_text]);

/** What tells one captioner from another, see `captions/captioner.ts`. */
interface Captioning {
  id: string;
  version: number;
  variant: string;
  fingerprint?: string;
}

/** What tells one scorer from another, see `scores/scorer.ts`. */
interface Scoring {
  id: string;
  version: number;
  metric: string;
}

/** A caption: the figure with all that can be asked about it, and what made it. */
export function recaptionKey(
  figure: Evidence & Printed,
  paper: EvidencePaper & Pick<Paper, "discipline">,
  captioner: Captioning,
  figure_text: string | null = null,
): string {
  const { id, version, variant, fingerprint = null } = captioner;
  const about = [evidence(figure, paper), printed(figure, paper), ...readOff(figure_text)];
  return digest("recaption", about, id, version, variant, fingerprint);
}

/** A measurement: the figure with its evidence, the caption's words, and the scorer. */
export function scoreKey(
  figure: Evidence,
  paper: EvidencePaper,
  caption: string,
  scorer: Scoring,
  figure_text: string | null = null,
): string {
  const about = [...evidence(figure, paper), ...readOff(figure_text)];
  return digest("score", about, caption, scorer.metric, scorer.id, scorer.version);
}

/** The text on a picture, by what reads it. */
export const pictureTextKey = (figure_id: string, sha256: string, reader: string): string =>
  digest("ocr", figure_id, sha256, reader);

/** A measurement of a figure as an ingest run left it. */
export const measurementKey = (figure_id: string, figure_run: string, version: number): string =>
  digest("measure", figure_id, figure_run, version);

/** A comparison of two picture files. */
export const likenessKey = (first: string, second: string, version: number): string =>
  digest("compare", first, second, version);

/** A judgement, by what it says: one that says the same is not kept again. */
export const judgementKey = (judgement: Judgement): string => digest("judge", judgement);
