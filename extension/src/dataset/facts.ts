import type { AboutDataset } from "figloom/views";
import { integer } from "figloom/views";
import { __, _n } from "../common/words.js";
import type { RunFacts } from "./manifest.js";
import type { DatasetEntry } from "./scan.js";

const shelves = (runs: readonly RunFacts[], stage: string): string[] => [
  ...new Set(runs.flatMap((run) => (run.stage === stage && run.shelf !== null ? [run.shelf] : []))),
];

/** Captions that there are beside the raw ones, and metrics, as the runs tell. */
export const variantsOf = ({ runs }: DatasetEntry): string[] => shelves(runs, "recaption");
export const metricsOf = ({ runs }: DatasetEntry): string[] => shelves(runs, "score");

/** One line about a dataset: `4 runs · extractive · support`. */
export function summaryLine(entry: DatasetEntry): string {
  const count = entry.runs.length + entry.unread;
  const parts = [_n("%1 run", "%1 runs", count), ...variantsOf(entry), ...metricsOf(entry)];
  return parts.join(" · ");
}

/** What the dataset's small files tell about it, as pairs of name and value. */
export function factsOf(entry: DatasetEntry, bytes: number | null): [name: string, value: string][] {
  return [
    [__("Schema"), __("version %1, by figloom %2", entry.schema_version, entry.figloom_version)],
    [__("Made"), dateText(entry.created)],
    [__("Captions"), [__("raw"), ...variantsOf(entry)].join(", ")],
    [__("Metrics"), metricsOf(entry).join(", ") || "–"],
    [__("Tables"), bytes === null ? "…" : bytesText(bytes)],
  ];
}

/** What only a kernel knows: `383 figures and 12 tables of 9 papers`. */
export function countsText({ figures, tables, papers }: AboutDataset): string {
  const things = [_n("%2 figure", "%2 figures", figures, integer(figures))];
  if (tables > 0) things.push(_n("%2 table", "%2 tables", tables, integer(tables)));
  return __("%1 of %2", things.join(__(" and ")), _n("%2 paper", "%2 papers", papers, integer(papers)));
}

/** `recaption extractive`. */
export const runName = ({ stage, shelf }: RunFacts): string => (shelf === null ? stage : `${stage} ${shelf}`);

/** Results of a run that is at work stand in its ledger, and so do those of one that was killed. */
export const runState = ({ sealed }: RunFacts): string => (sealed === null ? __("not finished") : __("done"));

/** `3.2 MB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const at = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** at;
  return `${at === 0 || value >= 100 ? Math.round(value) : Number(value.toPrecision(2))} ${units[at]!}`;
}

/** A moment as the user writes it. */
export function dateText(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? "–"
    : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** Whether every word stands somewhere in what a dataset is called and holds. */
export function matches(entry: DatasetEntry, typed: string): boolean {
  const text = [entry.name, entry.folder, ...variantsOf(entry), ...metricsOf(entry)].join(" ").toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
