import { basename } from "node:path/posix";
import type { Figure, Mark, Paper, PictureText, Range, Recaption, Score, Verdict } from "../model.js";
import type { CaptionText, FigureCard } from "./protocol.js";

/** Longest texts that a card carries, in UTF-16 code units; the dataset has the whole. */
const TEXT_LIMIT = 20_000;
const CONTEXT_LIMIT = 4_000;
const LINE_LIMIT = 1_000;
const CONTEXTS_LIMIT = 20;
const PANELS_LIMIT = 50;

/** What a card shows beside the figure's own record. */
export interface CardExtras {
  paper: Pick<Paper, "title" | "discipline" | "source"> | null;
  /** This figure's recaptions, in the order to be shown. */
  recaptions: readonly Recaption[];
  /** This figure's scores, of any metric and caption. */
  scores: readonly Score[];
  /** Data URL of a thumbnail (WebP, long side up to 320 px). */
  thumb: string | null;
  /** Path of the full image relative to the notebook. */
  path: string | null;
  /** What the last check marked. @default none */
  marks?: readonly Mark[] | null;
  /** What a person said. */
  said?: { verdict: Verdict | null; tags: string[] };
  /** What was read off the picture as it is now. @default none */
  figure_text?: Pick<PictureText, "text" | "reader"> | null;
  /** By name. */
  measurements?: Record<string, number>;
}

/** Joins what is known about one figure into what the views show. Overlong texts are cut and end in `…`. */
export function buildCard(figure: Figure, extras: CardExtras): FigureCard {
  const { paper, recaptions, scores, thumb, path, marks, said, figure_text, measurements } = extras;
  const captions: NamedCaption[] = [{ name: "raw", text: figure.caption }, ...recaptions.map(named)];
  const shown = thumb !== null || path !== null;
  return {
    figure_id: figure.figure_id,
    paper_id: figure.paper_id,
    paper_title: line(paper?.title),
    discipline: paper?.discipline ?? null,
    float: figure.float,
    number: line(figure.number),
    label: line(figure.label),
    picture: {
      thumb,
      path,
      width: figure.width,
      height: figure.height,
      missing: line(figure.image_missing) ?? (shown ? null : "The picture of this figure was not rendered."),
    },
    captions: captions.map(({ name, text, ...origin }) => ({
      ...captionText(name, shorten(text, TEXT_LIMIT), scores),
      ...origin,
    })),
    panels: figure.panels.slice(0, PANELS_LIMIT).map(({ number, caption }) => ({
      number: line(number),
      caption: shorten(caption, CONTEXT_LIMIT),
    })),
    contexts: figure.contexts.slice(0, CONTEXTS_LIMIT).map(({ text, section, sentences }) => ({
      text: shorten(text, CONTEXT_LIMIT),
      section: line(section),
      sentences: sentences.filter(([start]) => start < CONTEXT_LIMIT),
    })),
    ...(figure_text && {
      figure_text: {
        text: shorten(figure_text.text, TEXT_LIMIT),
        reader: shorten(figure_text.reader, LINE_LIMIT),
      },
    }),
    flags: (marks ?? []).map(({ flag, reason }) => ({ name: flag, reason: shorten(reason, CONTEXT_LIMIT) })),
    provenance: shorten(provenanceLine(figure, paper?.source ?? null), LINE_LIMIT),
    ...(said && { verdict: said.verdict, tags: said.tags }),
    ...(measurements && { measurements }),
  };
}

type NamedCaption = Pick<CaptionText, "name" | "text" | "made">;

function named(recaption: Recaption): NamedCaption {
  const { variant, text, captioner, prompt_id, prompt_hash, model, prompt_tokens, completion_tokens } =
    recaption;
  const made = { captioner, prompt_id, prompt_hash, model, prompt_tokens, completion_tokens };
  return { name: variant, text, made };
}

const line = (text: string | null | undefined): string | null =>
  typeof text === "string" ? shorten(text, LINE_LIMIT) : null;

function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).trimEnd()}…` : text;
}

function captionText(name: string, text: string, scores: readonly Score[]): CaptionText {
  const own = scores.filter((score) => score.caption === name);
  const support = own.find((score) => score.metric === "support");
  return {
    name,
    text,
    unsupported: unsupportedSpans(support?.detail ?? null, text),
    scores: Object.fromEntries(own.map((score) => [score.metric, score.value])),
  };
}

/**
 * Reads the unsupported claims out of a support score's detail,
 * `{"claims": [{"text", "kind", "span": [start, end], "supported", "reason"}]}`. Spans that do not fit the text, as
 * after a change of the caption, are left out.
 */
function unsupportedSpans(detail: string | null, text: string): CaptionText["unsupported"] {
  const claims = parseClaims(detail);
  return claims.flatMap((claim) => {
    if (!isClaim(claim) || claim.supported) return [];
    const [start, end] = claim.span;
    if (!(start >= 0 && start < end && end <= text.length)) return [];
    const kind = typeof claim.kind === "string" ? claim.kind : "claim";
    const reason = typeof claim.reason === "string" ? claim.reason : `this ${kind} is not in the evidence`;
    return [{ span: [start, end] as const, reason }];
  });
}

function parseClaims(detail: string | null): unknown[] {
  if (!detail) return [];
  try {
    const { claims } = (JSON.parse(detail) ?? {}) as { claims?: unknown };
    return Array.isArray(claims) ? claims : [];
  } catch {
    return [];
  }
}

interface Claim {
  span: Range;
  supported: boolean;
  kind?: unknown;
  reason?: unknown;
}

function isClaim(value: unknown): value is Claim {
  const claim = value as Claim | null;
  return (
    typeof claim?.supported === "boolean" && Array.isArray(claim.span) && claim.span.every(Number.isInteger)
  );
}

/** `main.tex, line 120, in 1703.09824.tar.gz` or `page 3 of paper.pdf`. */
function provenanceLine(
  { provenance: { file, line, page }, graphics }: Figure,
  source: string | null,
): string {
  const place =
    page !== null
      ? [`page ${page}`]
      : [file ?? "", line === null ? "" : `line ${line}`].filter((part) => part !== "");
  const where = source === null ? place : [...place, `in ${source}`];
  const files = graphics.map((path) => basename(path)).join(" + ");
  return [where.join(", "), files].filter((part) => part !== "").join(" · ");
}
