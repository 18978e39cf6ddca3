import { createWriteStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ConfigurationError } from "../errors.js";
import { commitFile, partial } from "../disk/files.js";
import { Reader, type FigureRow } from "./query.js";

export interface ExportOptions {
  /** An SQL condition over the figures' columns. */
  where?: string | undefined;
  /** Which recaption to give; `raw` for none. Needed only where the dataset has several variants. */
  variant?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** A figure with its chosen recaption and scores. */
type Row = FigureRow & {
  recaption: string | null;
  /** `{metric, caption, value}` of the raw caption and the chosen variant. */
  scores: { metric: string; caption: string; value: number | null }[] | null;
};

/**
 * Writes one JSON object a line for every figure and table, sorted by paper and order in the paper; the same dataset
 * gives the same bytes. Streams; the file is there whole or not at all.
 *
 * @returns how many lines were written
 * @throws {ConfigurationError} when the condition is not right or the variant unclear
 */
export async function exportFigures(
  folder: string,
  file: string,
  options: ExportOptions = {},
): Promise<number> {
  const reader = await Reader.open(folder, options.signal);
  try {
    const variant = await chooseVariant(reader, folder, options.variant);
    const target = resolve(file);
    if (
      await stat(target).then(
        (found) => found.isDirectory(),
        () => false,
      )
    )
      throw new ConfigurationError(
        `${target} is a folder; name a file for the export, such as figures.jsonl.`,
      );
    await mkdir(dirname(target), { recursive: true });
    let lines = 0;
    async function* text() {
      for await (const row of exportedRows(reader, variant, options.where)) {
        lines++;
        yield `${JSON.stringify(exportLine(row, variant))}\n`;
      }
    }
    // The reader listens to the signal: a pipeline that did would not wait until the query has let go.
    await pipeline(Readable.from(text()), createWriteStream(partial(target)));
    await commitFile(partial(target), target);
    return lines;
  } finally {
    reader.close();
  }
}

async function chooseVariant(reader: Reader, folder: string, wanted?: string): Promise<string | null> {
  if (wanted === "raw") return null;
  const rows = await reader.all<{ variant: string }>(
    "SELECT DISTINCT variant FROM recaptions ORDER BY variant",
  );
  const variants = rows.map((row) => row.variant);
  const names = variants.join(", ") || "none";
  if (wanted !== undefined) {
    if (variants.includes(wanted)) return wanted;
    throw new ConfigurationError(`${folder} has no captions of variant "${wanted}"; there are: ${names}.`);
  }
  if (variants.length > 1)
    throw new ConfigurationError(
      `${folder} has captions of several variants (${names}); choose one, or "raw" to leave them out.`,
    );
  return variants[0] ?? null;
}

function exportedRows(reader: Reader, variant: string | null, where?: string): AsyncGenerator<Row> {
  return reader.figures<Row>({
    where,
    also: `(SELECT text FROM recaptions AS r WHERE r.figure_id = figures.figure_id AND variant = $1) AS recaption,
      (SELECT list({metric: metric, caption: s.caption, value: value} ORDER BY metric, s.caption) FROM scores AS s
        WHERE s.figure_id = figures.figure_id AND s.caption IN ('raw', $1)) AS scores`,
    parameters: [variant],
  });
}

function exportLine(row: Row, variant: string | null): Record<string, unknown> {
  const { recaption, scores } = row;
  return {
    paper_id: row.paper_id,
    figure_id: row.figure_id,
    kind: row.kind,
    float: row.float,
    label: row.label,
    number: row.number,
    caption: row.caption,
    caption_source: row.caption_source,
    graphics: row.graphics,
    panels: row.panels,
    contexts: row.contexts.map((context) => context.text),
    confidence: row.confidence,
    image_origin: row.image_origin,
    layout_reader: row.layout_reader,
    image_path: row.image_path,
    width: row.width,
    height: row.height,
    sha256: row.sha256,
    language: row.language,
    flags: row.flags,
    title: row.title,
    abstract: row.abstract,
    discipline: row.discipline,
    categories: row.categories,
    licence: row.licence,
    arxiv_id: row.arxiv_id,
    doi: row.doi,
    provenance: row.provenance,
    ...(row.verdict !== null && { verdict: row.verdict }),
    ...(row.tags.length > 0 && { tags: row.tags }),
    ...(recaption !== null && { recaption, variant }),
    ...(scores !== null && { scores: byMetric(scores) }),
  };
}

/** `{support: {raw: 0.8, extractive: 0.95}}` */
function byMetric(scores: NonNullable<Row["scores"]>): Record<string, Record<string, number | null>> {
  const metrics: Record<string, Record<string, number | null>> = {};
  for (const { metric, caption, value } of scores) (metrics[metric] ??= {})[caption] = value;
  return metrics;
}
