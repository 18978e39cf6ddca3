import { mkdir } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { makeAudit, type AuditPlan } from "../audit/audit.js";
import { documentOf, type AuditDocument } from "../audit/document.js";
import { drawingsOf } from "../audit/drawings.js";
import { auditHtml, auditPage } from "../audit/html.js";
import { auditMarkdown } from "../audit/markdown.js";
import type { AuditReport } from "../audit/report.js";
import { auditText } from "../audit/text.js";
import { writeWhole } from "../disk/files.js";
import { reading, type Reader } from "../dataset/query.js";
import type { Dataset } from "../dataset/store.js";
import { checkCaption } from "../dataset/variants.js";
import { ConfigurationError } from "../errors.js";
import { inNotebook, markShown, show } from "../kernel/display.js";
import { catalogueOf } from "../service/columns.js";
import { plotFile } from "../views/twins/plot-svg.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type WorkOptions } from "./work.js";

/** Which captions are compared, by what, and of which figures. */
export interface AuditOptions extends WorkOptions {
  /** The two captions: old and new, `raw` or variants. */
  compare: readonly [from: string, to: string];
  /** What to compare them by, such as `["clip", "pppl"]`. @default all that was measured of either */
  metrics?: readonly string[];
  /**
   * The category that results are also given by: a column of figures (`discipline`, `kind`), or a reference such as
   * `paper.licence`; `null` for none. @default "discipline"
   */
  by?: string | null;
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** Of the resamples: the same seed gives the same report. @default 1 */
  seed?: number;
  /** @default 2,000 */
  resamples?: number;
}

/** Two captions of a dataset compared: as data, to be shown in a cell, to be written as a report. */
export class Audit {
  readonly #document: AuditDocument;

  /** Use `Lab.audit`. */
  constructor(readonly report: AuditReport) {
    this.#document = documentOf(report);
    saying(this, auditText(this.#document));
  }

  /** Shows it under the running cell, with its drawings. */
  async show(): Promise<void> {
    show({ "text/html": await auditHtml(this.#document), "text/plain": auditText(this.#document) });
  }

  /**
   * Writes `report.md`, `report.html` (which stands alone), `report.json` and the drawings as `figures/*.svg`; what is
   * there under these names is replaced.
   * @returns absolute paths of the files
   */
  async write(folder: string): Promise<string[]> {
    const drawings = drawingsOf(this.report);
    const files = new Map([
      ["report.md", auditMarkdown(this.#document)],
      ["report.html", await auditPage(this.#document)],
      ["report.json", `${JSON.stringify(this.report, null, 2)}\n`],
    ]);
    for (const { name, spec } of drawings) files.set(join("figures", `${name}.svg`), await plotFile(spec));
    const root = resolve(folder);
    await mkdir(join(root, "figures"), { recursive: true });
    const written: string[] = [];
    for (const [name, text] of files) {
      const path = join(root, name);
      await writeWhole(path, text);
      written.push(path);
    }
    return written;
  }

  toJSON(): AuditReport {
    return this.report;
  }
}

const MOST_RESAMPLES = 100_000;

/** Compares two captions, see `Lab.audit`. */
export async function audit(dataset: Dataset, options: AuditOptions): Promise<Audit> {
  const { compare, seed = 1, resamples = 2_000 } = options;
  if (!Number.isInteger(resamples) || resamples < 100 || resamples > MOST_RESAMPLES)
    throw new ConfigurationError(`Resamples are a whole number from 100 to 100,000, not ${resamples}.`);
  if (!Number.isSafeInteger(seed)) throw new ConfigurationError(`A seed is a whole number, not ${seed}.`);
  if (compare.length !== 2 || compare[0] === compare[1])
    throw new ConfigurationError(
      `Two different captions can be compared, such as ["raw", "extractive"]; not ${JSON.stringify(compare)}.`,
    );
  const work = ({ signal, onProgress }: Parameters<Parameters<typeof doWork>[1]>[0]) =>
    reading(
      dataset.folder,
      async (reader) => {
        const started = performance.now();
        const seconds = () => (performance.now() - started) / 1000;
        const plan = await planned(reader, dataset, { ...options, seed, resamples });
        const report = await makeAudit(reader, plan, {
          signal,
          onProgress: (done, total) =>
            onProgress({
              ...NOTHING_FAILED,
              stage: "audit",
              unit: "metrics",
              done,
              total,
              seconds: seconds(),
            }),
        });
        const { figures, papers } = report.compared;
        const text = `${count(figures, "figure")} of ${count(papers, "paper")} by ${count(report.metrics.length, "metric")} in ${duration(seconds())}`;
        return saying({ audit: new Audit(report), quarantined: 0 }, text);
      },
      signal,
    );
  const { audit: made } = await doWork(options, work, {
    verb: "audit",
    cancelled: "Cancelled. An audit is there only when it is finished: the same call starts it anew.",
  });
  if (inNotebook()) {
    await made.show();
    markShown(made);
  }
  return made;
}

const NOTHING_FAILED = { failed: 0, reused: 0 };

async function planned(
  reader: Reader,
  { folder, name }: Pick<Dataset, "folder" | "name">,
  options: AuditOptions & Pick<AuditPlan, "seed" | "resamples">,
): Promise<AuditPlan> {
  const { compare, metrics, by = "discipline", where, seed, resamples } = options;
  for (const caption of compare) await checkCaption(reader, caption);
  await reader.checkWhere("figures", where);
  return {
    ...{ dataset: name, compare, where, metrics, seed, resamples },
    by: by === null ? null : await categoryOf(reader, by),
    command: commandOf(folder, { ...options, by }),
  };
}

/** A category as an expression over the view `figures`. */
async function categoryOf(reader: Reader, by: string): Promise<AuditPlan["by"]> {
  const catalogue = await catalogueOf(reader);
  const column = ["", "figure.", "paper.", "review."].map((of) => catalogue.get(of + by)).find(Boolean);
  const sql = column && (column.own ?? /^figure\.(discipline|language)$/.exec(column.ref)?.[1]);
  if (column?.kind === "category" && !column.several && sql) return { label: column.label, sql };
  const categories = [...catalogue.values()].filter(({ kind, several }) => kind === "category" && !several);
  throw new ConfigurationError(
    `Results cannot be given by "${by}"; they can by: ${categories.map(({ ref }) => ref).join(", ")}.`,
  );
}

/** The command that makes the same report. */
function commandOf(folder: string, options: AuditOptions & { by: string | null }): string {
  const { compare, metrics, by, where, seed, resamples } = options;
  const near = relative(process.cwd(), folder);
  const path = near === "" ? "." : near.startsWith("..") ? folder : near;
  const flags: [string, string | undefined][] = [
    ["--compare", compare.join(",")],
    ["--metrics", metrics?.join(",")],
    ["--by", by ?? "none"],
    ["--where", where],
    ["--seed", String(seed)],
    ["--resamples", String(resamples)],
    ["--out", `${basename(folder)}-audit`],
  ];
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, quoted(value)]));
  return ["figloom", "audit", quoted(path), ...given].join(" ");
}

/** As a shell takes it for one word. */
const quoted = (word: string): string =>
  /^[\w./,@:=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
