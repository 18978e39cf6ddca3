import { readQuarantine } from "../dataset/quarantine.js";
import { count, saying } from "./summary.js";
import { asking } from "./work.js";

/** What a dataset holds. */
export interface Summary {
  papers: number;
  figures: number;
  /** Figures that there is a picture of. */
  pictures: number;
  tables: number;
  /** Figures by discipline; `unknown` where none is known. */
  disciplines: Record<string, number>;
  /** New captions by variant. */
  variants: Record<string, number>;
  /** Mean of each metric by caption, with the number of values. */
  scores: { metric: string; caption: string; n: number; mean: number | null }[];
  /** Open quarantine lines by reason. */
  quarantine: Record<string, number>;
}

/** Counts what a dataset holds, see `Lab.summary`. */
export async function summarise(folder: string): Promise<Summary> {
  const lines = await readQuarantine(folder);
  return asking(folder, async (reader) => {
    const counts = async (sql: string) =>
      Object.fromEntries(
        (await reader.all<{ name: string; n: number }>(sql)).map(({ name, n }) => [name, n]),
      );
    const [totals] = await reader.all<Pick<Summary, "figures" | "pictures" | "tables">>(
      `SELECT (count(*) FILTER (float = 'figure'))::INTEGER AS figures,
         (count(*) FILTER (float = 'figure' AND image_path IS NOT NULL))::INTEGER AS pictures,
         (count(*) FILTER (float = 'table'))::INTEGER AS tables FROM figures`,
    );
    const quarantine: Record<string, number> = {};
    for (const { reason } of lines) quarantine[reason] = (quarantine[reason] ?? 0) + 1;
    const summary: Summary = {
      papers: await reader.count("papers"),
      ...totals!,
      disciplines: await counts(
        `SELECT coalesce(discipline, 'unknown') AS name, count(*)::INTEGER AS n FROM figures
         WHERE float = 'figure' GROUP BY 1 ORDER BY 1`,
      ),
      variants: await counts(
        "SELECT variant AS name, count(*)::INTEGER AS n FROM recaptions GROUP BY 1 ORDER BY 1",
      ),
      scores: await reader.all(
        `SELECT metric, caption, count(value)::INTEGER AS n, avg(value) AS mean FROM scores
         GROUP BY 1, 2 ORDER BY metric, caption <> 'raw', caption`,
      ),
      quarantine,
    };
    return saying(summary, summaryText(summary));
  });
}

function summaryText(summary: Summary): string {
  const { papers, figures, pictures, tables, disciplines, variants, scores, quarantine } = summary;
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, n]) => `${name} ${n}`)
      .join(", ");
  const lines = [
    `${count(papers, "paper")}, ${count(figures, "figure")} (${pictures} with a picture), ${count(tables, "table")}`,
  ];
  if (figures > 0) lines.push(`disciplines: ${listed(disciplines)}`);
  if (Object.keys(variants).length > 0) lines.push(`captions: ${listed(variants)}`);
  for (const { metric, caption, n, mean } of scores)
    lines.push(`${metric} of ${caption}: mean ${mean === null ? "–" : mean.toFixed(3)} (n = ${n})`);
  lines.push(`quarantine: ${listed(quarantine) || "empty"}`);
  return lines.join("\n");
}
