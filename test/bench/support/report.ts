/** What benches have in common: what they are asked, and what they answer. */

export interface BenchOptions {
  /** Folder of papers; the bench's own choice unless given. */
  papers: string | undefined;
  /** How often each thing is timed; medians count. */
  rounds: number;
  /** One part in place of all. */
  only: string | undefined;
  /** Folder of made-up datasets, kept from run to run; the bench's own choice unless given. */
  datasets: string | undefined;
  /** Figures of a made-up dataset; the bench's own choice unless given. */
  figures: number | undefined;
  /** Shows a part of the answer as soon as it is there. */
  say: (text: string) => void;
}

export interface Bench {
  /** One line for the list. */
  about: string;
  /** Its parts, by the name that `--only` takes. */
  parts: Record<string, unknown>;
  /** Whether it needs JupyterLab with our kernel and extension, built as they are now. */
  inJupyterLab?: boolean;
  run(options: BenchOptions): Promise<Report>;
}

export interface Report {
  /** Programs and libraries that took part, with their versions, and the machine. */
  versions: Record<string, string>;
  parts: Part[];
}

type Value = string | number;

export interface Part {
  title: string;
  /** How many things it was measured on, such as `34 papers`. */
  items: string;
  /** What was run, by the name it has in the figures. */
  commands: Record<string, string>;
  /** What came out: names with their unit. */
  figures: Record<string, Value>;
  /** Item by item; all rows have the same columns. */
  rows: Record<string, Value>[];
}

export function partText({ title, items, commands, figures, rows }: Part): string {
  const lines = (record: Record<string, Value>) =>
    Object.entries(record).map(([name, value]) => `  ${name}: ${shown(value)}`);
  return [`\n${title} (${items})`, ...lines(commands), "", ...lines(figures), "", ...table(rows)].join("\n");
}

export const versionsText = (versions: Record<string, string>): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(" · ");

function table(rows: Part["rows"]): string[] {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => shown(row[column]!)))];
  const widths = columns.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  return cells.map((row) => `  ${row.map((cell, c) => cell.padEnd(widths[c]!)).join("  ")}`.trimEnd());
}

const shown = (value: Value): string =>
  typeof value === "string" ? value : value.toLocaleString("en", { maximumSignificantDigits: 4 });
