import { reading } from "../dataset/query.js";
import { FLAGS, type Flag } from "../quality/flags.js";
import { saying } from "./summary.js";

/** How often a flag was given. */
export interface FlagCount {
  flag: string;
  /** What it says. */
  meaning: string;
  count: number;
  /** Of the figures and tables that were checked, 0..1. */
  share: number;
  /** The first figure that has it, and why. */
  example: string;
  reason: string;
}

/** What a dataset's last check found. */
export interface Quality {
  /** Figures and tables that were checked. */
  checked: number;
  /** Those that came in after the last check. */
  unchecked: number;
  /** Those with a flag at least. */
  flagged: number;
  /** The flags that were given; a figure may have several. */
  flags: FlagCount[];
}

/** Sums up what the last check found, see `Lab.quality`. */
export function qualityOf(folder: string, signal?: AbortSignal): Promise<Quality> {
  return reading(
    folder,
    async (reader) => {
      const [totals] = await reader.all<Omit<Quality, "flags">>(
        `SELECT count(flagged)::INTEGER AS checked, (count(*) - count(flagged))::INTEGER AS unchecked,
           (count(*) FILTER (flagged))::INTEGER AS flagged FROM figures`,
      );
      const rows = await reader.all<{ flag: string; count: number; example: string; reason: string }>(
        `SELECT mark.flag AS flag, count(*)::INTEGER AS count,
           arg_min(figure_id, place) AS example, arg_min(mark.reason, place) AS reason
         FROM (SELECT figure_id, unnest(marks) AS mark, row_number() OVER (ORDER BY paper_id, ordinal) AS place FROM figures WHERE flagged)
         GROUP BY 1`,
      );
      const order = Object.keys(FLAGS);
      const flags = rows
        .sort((a, b) => order.indexOf(a.flag) - order.indexOf(b.flag))
        .map((row) => ({
          ...row,
          meaning: FLAGS[row.flag as Flag] ?? "",
          share: row.count / totals!.checked,
        }));
      const quality = { ...totals!, flags };
      return saying(quality, qualityText(quality));
    },
    signal,
  );
}

/** A table: flag, count, share, example. */
export function qualityText({ checked, unchecked, flagged, flags }: Quality): string {
  if (checked === 0) return "Nothing was checked yet; do that first: await lab.check().";
  const rows = flags.map(({ flag, count, share, example, reason }) => [
    flag,
    count.toLocaleString("en"),
    `${(100 * share).toFixed(1)} %`,
    `${example}: ${reason}`,
  ]);
  const table = [["flag", "count", "share", "example"], ...rows];
  const width = (column: number) => Math.max(...table.map((row) => row[column]!.length));
  const lines = table.map(([flag, n, share, example]) =>
    [flag!.padEnd(width(0)), n!.padStart(width(1)), share!.padStart(width(2)), example].join("  "),
  );
  const later = unchecked > 0 ? `; ${unchecked} came in later and are not checked` : "";
  return [
    `${checked} figures and tables checked, ${flagged} flagged${later}`,
    ...(flags.length > 0 ? lines : []),
  ].join("\n");
}
