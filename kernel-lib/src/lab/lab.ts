import { join } from "node:path";
import { exportFigures } from "../dataset/export.js";
import { keptPrompts, type KeptPrompt } from "../dataset/prompts.js";
import { readQuarantine } from "../dataset/quarantine.js";
import { Reviews } from "../dataset/reviews/reviews.js";
import { type FigureRow, type Selection } from "../dataset/query.js";
import type { StoredPaper } from "../dataset/schema.js";
import { Dataset } from "../dataset/store.js";
import { kernelSignal } from "../kernel/interrupt.js";
import type { QuarantineLine } from "../model.js";
import type { Prompt } from "../captions/prompts/prompt.js";
import type { Agreement, ClaimVerdict } from "../scores/judge/agreement.js";
import type { AskedScorer } from "../scores/named.js";
import { agreementOf, type AgreementOptions } from "./agreement.js";
import { fetchPapers, type FetchOptions, type FetchResult, type FetchSelection } from "./fetch.js";
import { audit, type Audit, type AuditOptions } from "./audit.js";
import { check, type CheckOptions, type CheckResult } from "./check.js";
import { diff, type DiffOptions } from "./diff.js";
import { estimate, type Estimate, type EstimateOptions } from "./estimate.js";
import { histogram, type HistogramOptions } from "./histogram.js";
import { ingest, type IngestOptions, type IngestResult } from "./ingest.js";
import { summarise, type Summary } from "./overview.js";
import { launch, planLaunch } from "./launch.js";
import type { LaunchOptions, LaunchPlan } from "./launch-options.js";
import { map, type MapOptions } from "./map.js";
import { ocr, type OcrOptions, type OcrResult } from "./ocr.js";
import { qualityOf, type Quality } from "./quality.js";
import { outliers, type Outlier, type OutlierOptions } from "./outliers.js";
import { recaption, type RecaptionOptions, type RecaptionResult } from "./recaption.js";
import { findRun, listRuns, type Run } from "./runs.js";
import {
  redo,
  review,
  tagsText,
  undo,
  type Reviewable,
  type ReviewOptions,
  type ReviewResult,
} from "./review.js";
import { clearSelectionIn, selectFigures, selectionIn, type LabSelection } from "./selection.js";
import { score, type ScoreOptions, type ScoreResult } from "./score.js";
import { count, saying } from "./summary.js";
import { gallery, type GalleryOptions } from "./gallery.js";
import { tune, type TuneOptions } from "./tune/tune.js";
import type { Trial } from "./tune/trial.js";
import { asking } from "./work.js";

export interface LabOptions {
  /** Whether a dataset is made where there is none. @default true */
  create?: boolean;
}

export interface ExportOptions {
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** Which new caption to give; `raw` for none. Needed only where the dataset has several variants. */
  variant?: string;
  signal?: AbortSignal;
}

export interface ExportResult {
  file: string;
  /** Lines written: figures and tables. */
  lines: number;
}

/**
 * Opens the dataset at `path`, and makes one where there is none.
 *
 * ```ts
 * const lab = await openLab("data/astronomy");
 * await lab.ingest("papers/*.tar.gz");
 * await lab.gallery({ where: "discipline = 'Astronomy'" });
 * ```
 * @throws {ConfigurationError} when the folder is something else
 */
export async function openLab(path: string, { create = true }: LabOptions = {}): Promise<Lab> {
  return new Lab(await (create ? Dataset.openOrCreate(path) : Dataset.open(path)));
}

/**
 * A dataset and what can be done with it. Every verb that takes long shows its progress, stops at an interrupt, keeps
 * what it has done, and does only what is missing when it is called again.
 */
export class Lab {
  readonly #dataset: Dataset;
  #reviews: Promise<Reviews> | undefined;

  /** Use {@link openLab}. */
  constructor(dataset: Dataset) {
    this.#dataset = dataset;
    saying(this, `Lab of ${dataset.folder}`);
  }

  /** Absolute path of the dataset's folder. */
  get path(): string {
    return this.#dataset.folder;
  }

  /**
   * Fetches papers' sources from arXiv and PubMed Central, see {@link fetchPapers}; read them with
   * `await lab.ingest(fetched.folder)`.
   * @param options `out` is where they go. @default the dataset's folder `sources`
   */
  fetch(selection: FetchSelection, options: Partial<FetchOptions> = {}): Promise<FetchResult> {
    return fetchPapers(selection, { out: join(this.path, "sources"), ...options });
  }

  /**
   * Reads papers: archives, single files, folders of them, or patterns such as `papers/*.tar.gz`. A paper that cannot
   * be read goes to the quarantine and its neighbours go on. A paper whose file is unchanged is not read again.
   */
  ingest(inputs: string | readonly string[], options?: IngestOptions): Promise<IngestResult> {
    return ingest(this.#dataset, inputs, options);
  }

  /**
   * Figures and tables with their paper's title, abstract, discipline, …, sorted by paper. Holds all of them: give a
   * condition or a limit on a large dataset.
   * @param selection an SQL condition such as `float = 'figure' AND len(panels) > 0`, or condition and limit
   * @throws {ConfigurationError} when the condition is not right; it names the columns
   */
  figures(selection?: string | Selection): Promise<FigureRow[]> {
    return asking(this.path, (reader) => collect(reader.figures(selectionOf(selection))));
  }

  /** Papers with their paragraphs, sorted by id; see {@link figures}. */
  papers(selection?: string | Selection): Promise<StoredPaper[]> {
    return asking(this.path, (reader) => collect(reader.papers(selectionOf(selection))));
  }

  /**
   * Shows figures with their captions. With a live kernel the view scrolls through all of them, however many; the output
   * itself holds the first.
   *
   * ```ts
   * await lab.gallery({ where: "discipline = 'Astronomy'", sort: { by: "support", caption: "extractive", descending: true } });
   * ```
   * @throws {ConfigurationError} when the condition is not right, or there is nothing of that name to sort by
   */
  gallery(options?: GalleryOptions): Promise<void> {
    return gallery(this.path, options);
  }

  /** Shows one figure or table by its id, as {@link gallery} does. */
  figure(figure_id: string): Promise<void> {
    return gallery(this.path, { figures: [figure_id], title: figure_id });
  }

  /**
   * What is selected in the views of this dataset, as a condition that other verbs take:
   *
   * ```ts
   * const { where } = await lab.selection();
   * await lab.recaption({ where });
   * ```
   * Where nothing is selected that is every figure.
   */
  selection(): Promise<LabSelection> {
    return selectionIn(this.path);
  }

  /**
   * Selects figures for all views of this dataset, beside what is selected in them.
   * @param figures ids, or figures as {@link figures} gives them; 10,000 at most
   */
  select(figures: readonly (string | { figure_id: string })[]): void {
    selectFigures(this.path, figures);
  }

  /** Takes away what is selected, in all views. */
  clearSelection(): void {
    clearSelectionIn(this.path);
  }

  /**
   * Makes new captions, beside the raw ones. Figures whose caption would be the same again are passed over, and those
   * that failed and would fail alike.
   *
   * ```ts
   * await lab.recaption({ prompt: "context", on: vllm(), budget: { tokens: 5e6 } });
   * ```
   * @throws {ConfigurationError} when the servers cannot do it, or an option is none
   */
  recaption(options?: RecaptionOptions): Promise<RecaptionResult> {
    return recaption(this.#dataset, options);
  }

  /**
   * Says what recaptioning would take, beyond what is done: tokens, hours, GPU-hours, cost. Questions are predicted, on a
   * large dataset from 2,000 figures; some figures are asked about to see what answers take, and their captions are kept
   * as {@link recaption} keeps them. With `calibrate: 0` nothing is asked, and no hours are known.
   *
   * ```ts
   * await lab.estimate({ prompt, on: vllm(), prices: { gpus: 8, gpuHour: 2.5 } });
   * ```
   * @throws {ConfigurationError} for a wrong condition, price or number, or servers that cannot be used like this
   */
  estimate(options: EstimateOptions): Promise<Estimate> {
    return estimate(this.#dataset, options);
  }

  /**
   * Tries prompts on a sample of figures, side by side: captions appear as they are written, with what differs in them and
   * what they are worth; the trial that comes of it compares prompts and keeps the better one. Every answer is kept in the
   * dataset's table `trials`, so that the same call asks only what changed and what failed. Scores are worked out each time.
   *
   * ```ts
   * const trial = await lab.tune([context, terse], { sample: 12, seed: 7 });
   * trial.compare(context, terse); // differences with a 95 % interval
   * await trial.keep(terse); // prompts/terse.md, with the trial on record
   * ```
   * @param prompts from `loadPrompt`, or what it takes: paths, or names of shipped prompts
   * @throws {ConfigurationError} when there is no figure with a picture, or the servers cannot be used like this
   */
  tune(prompts: readonly (string | Prompt)[], options?: TuneOptions): Promise<Trial> {
    return tune(this.#dataset, prompts, options);
  }

  /**
   * Shows captions of each figure compared, by word or by sentence, with what `support` found unsupported in them.
   *
   * ```ts
   * await lab.diff({ captions: ["raw", "context", "terse"], sort: "loss", metric: "support" });
   * ```
   * @throws {ConfigurationError} for a caption that there is not, and a condition that is not right
   */
  diff(options?: DiffOptions): Promise<void> {
    return diff(this.path, options);
  }

  /**
   * Measures captions.
   * @param metrics names (`support`) or scorers
   */
  score(metrics: readonly AskedScorer[], options?: ScoreOptions): Promise<ScoreResult> {
    return score(this.#dataset, metrics, options);
  }

  /**
   * Shows how values are spread: a metric's for several captions side by side, the lengths of captions (`length`), or any
   * column of numbers (`figure.width`, `measurement.entropy`). The view draws histogram, density, cumulative distribution
   * or boxes, and chooses what the dataset's other views show when a range is dragged over it.
   *
   * ```ts
   * await lab.histogram("support", { compare: ["raw", "context"], by: "discipline", as: "density" });
   * ```
   * @throws {ConfigurationError} when there are no such values, or the condition is not right
   */
  histogram(metric: string, options?: HistogramOptions): Promise<void> {
    return histogram(this.path, metric, options);
  }

  /**
   * Shows figures as points: by two number columns, or laid out so that pictures that look alike lie near each other. The
   * layout is worked out once and kept; figures that are new later are placed in it. Drawing a line around points selects
   * them for all views.
   *
   * ```ts
   * await lab.map(); // by how pictures look
   * await lab.map({ x: "figure.width", y: "figure.height", colour: "figure.kind" });
   * ```
   * @throws {ConfigurationError} for a column that there is not, or when no figure has a picture
   */
  map(options?: MapOptions): Promise<void> {
    return map(this.path, options);
  }

  /**
   * Compares two captions of all figures that have both, by what {@link score} measured: means, gains, variances and
   * distributions, overall and by discipline, with intervals that draw whole papers. Shown in a cell; written as a report
   * that can be cited by `write`.
   *
   * ```ts
   * const audit = await lab.audit({ compare: ["raw", "context"], metrics: ["clip", "pppl", "characters"] });
   * await audit.write("audit"); // report.md, report.html, report.json, figures/*.svg
   * ```
   * A second for 1,000 figures with seven metrics; 19 s of processor time and 580 MB for a million with one, 147 s and 3 GB
   * for 15.5 million.
   * @throws {ConfigurationError} for a caption, metric, category or condition that there is not
   */
  audit(options: AuditOptions): Promise<Audit> {
    return audit(this.#dataset, options);
  }

  /**
   * Shows the figures that stand out by a metric, and gives their ids and values: the worst, the best, or those that changed
   * most from one caption to another. Without `compare` a gallery, with it a {@link diff}.
   *
   * ```ts
   * await lab.outliers("pppl", { order: "most-changed", compare: ["raw", "context"] });
   * ```
   * @throws {ConfigurationError} where no figure has such a value
   */
  outliers(metric: string, options?: OutlierOptions): Promise<Outlier[]> {
    return outliers(this.path, metric, options);
  }

  /**
   * How far a judge (see {@link judge}) agrees with people about the same claims of captions: Cohen's kappa with its interval.
   * Nothing is asked of a model; its scores must be there.
   * @param labels what people said, or a file with a JSON object a line: `figure_id`, `caption` (`raw` or a variant), `text`
   * (the claim in the caption's own words), `verdict` (supported, contradicted, cannot tell)
   * @throws {ConfigurationError} for a file that is not right, and where the judge scored none of these captions
   */
  agreement(labels: string | readonly ClaimVerdict[], options?: AgreementOptions): Promise<Agreement> {
    return agreementOf(this.path, labels, options);
  }

  /**
   * Marks what may be wrong with figures and tables: pictures that are missing, blank, tiny or repeated, captions that say
   * nothing or are in another language. Nothing is removed: the marks are the columns `flags`, `flagged` and `marks`, for
   * any condition (`NOT flagged`, `list_contains(flags, 'near-duplicate')`), for the views and the export. Measures only
   * what is new; other limits mark anew without measuring. Measuring costs some 50 ms a picture and core.
   * @throws {ConfigurationError} for a limit or language that there is not
   */
  check(options?: CheckOptions): Promise<CheckResult> {
    return check(this.#dataset, options);
  }

  /**
   * Reads the text on pictures of figures and tables: axis titles, tick labels, legends, also those that run up or down.
   * Pictures that were drawn from a PDF have its own text already and are left alone. The extractive captioner, prompts with
   * `{{figure_text}}` and the support score use it; what they made before is made anew where there is text now. About
   * a second a picture and processor; a model on vLLM servers reads as well.
   *
   * ```ts
   * await lab.ocr({ where: "discipline = 'Astronomy'" });
   * await lab.ocr({ reader: vllmReader({ endpoints: "http://gpu1:8000" }) });
   * ```
   * @throws {ConfigurationError} when the condition is not right, Tesseract's data is missing, or servers cannot be asked
   */
  ocr(options?: OcrOptions): Promise<OcrResult> {
    return ocr(this.#dataset, options);
  }

  /** What the last {@link check} found: for each flag how often, and an example. */
  quality(): Promise<Quality> {
    return qualityOf(this.path, kernelSignal());
  }

  /**
   * Accepts, rejects or tags figures; on the disk when it resolves, also while a stage works on the dataset. Any condition
   * can ask about it afterwards: `verdict = 'rejected'`, `list_contains(tags, 'nice')`.
   *
   * ```ts
   * await lab.review("list_contains(flags, 'exact-duplicate')", { verdict: "rejected" });
   * await lab.review(["1703.09824#fig3"], { addTags: ["nice"] });
   * ```
   * @param figures a condition, condition and limit, or figures or their ids
   * @throws {ConfigurationError} for a figure that is not in the dataset, a tag that is none, a wrong condition
   */
  async review(figures: Reviewable, change: ReviewOptions): Promise<ReviewResult> {
    return review(this.path, await this.#opened(), figures, change);
  }

  /** Takes back what was last said about figures in this kernel, by a cell or in a view; says what that was. */
  async undo(): Promise<ReviewResult> {
    return undo(await this.#opened());
  }

  /** Says again what {@link undo} took back. */
  async redo(): Promise<ReviewResult> {
    return redo(await this.#opened());
  }

  /** All tags there are with how many figures have them, most frequent first. */
  async tags(): Promise<{ tag: string; count: number }[]> {
    const reviews = await this.#opened();
    await reviews.refresh();
    const tags = reviews.tags();
    return saying(tags, tagsText(tags));
  }

  #opened(): Promise<Reviews> {
    return (this.#reviews ??= Reviews.open(this.path));
  }

  /** Counts what the dataset holds. */
  summary(): Promise<Summary> {
    return summarise(this.path);
  }

  /** The prompts that captions were made by, with their texts; `prompt_hash` of a caption says which. */
  prompts(): Promise<KeptPrompt[]> {
    return keptPrompts(this.path);
  }

  /** What failed, why, and what to do about it; what later succeeded is no longer listed. */
  quarantine(): Promise<QuarantineLine[]> {
    return readQuarantine(this.path);
  }

  /**
   * Starts a run on many workers that needs neither this notebook nor this kernel, and returns at once. It is on the disk:
   * `lab.run(name)` finds it in another notebook, another day, on any machine that sees the dataset. First the plan is shown:
   * shards, nodes, and what it takes as far as that is known without asking anybody; with `dryRun` that is all.
   *
   * ```ts
   * import { slurm } from "@figloom/cluster";
   * const run = await lab.launch({ prompt: "context", model: "Qwen/Qwen3-VL-8B-Instruct", on: slurm({ partition: "h100", nodes: 4 }) });
   * await run.show();
   * ```
   * Needs the package `@figloom/cluster`.
   * @throws {ConfigurationError} which says all that hinders it; then nothing was submitted
   */
  launch(options: LaunchOptions & { dryRun: true }): Promise<LaunchPlan>;
  launch(options?: LaunchOptions & { dryRun?: false }): Promise<Run>;
  launch({ dryRun, ...options }: LaunchOptions & { dryRun?: boolean } = {}): Promise<Run | LaunchPlan> {
    return dryRun ? planLaunch(this.path, options) : launch(this.path, options);
  }

  /**
   * The work that was done on the dataset and that is being done, by this process or another, the 100 latest, newest first:
   * each can be shown, paused, resumed and cancelled.
   */
  runs(): Promise<Run[]> {
    return listRuns(this.path);
  }

  /** One of {@link runs}. @throws {ConfigurationError} when there is none of this name */
  run(name: string): Promise<Run> {
    return findRun(this.path, name);
  }

  /** Writes a JSON line for every figure and table, sorted by paper; the same dataset gives the same bytes. */
  async export(file: string, options?: ExportOptions): Promise<ExportResult> {
    const lines = await exportFigures(this.path, file, options);
    return saying({ file, lines }, `${count(lines, "line")} in ${file}`);
  }
}

function selectionOf(selection: string | Selection | undefined): Selection {
  return typeof selection === "string" ? { where: selection } : (selection ?? {});
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
