import type { Dataset } from "../../dataset/store.js";
import { kernelSignal } from "../../kernel/interrupt.js";
import type { Agreement, ClaimVerdict } from "../../scores/judge/agreement.js";
import type { AskedScorer } from "../../scores/named.js";
import { agreementOf, type AgreementOptions } from "../agreement.js";
import { audit, type Audit, type AuditOptions } from "../audit.js";
import { check, type CheckOptions, type CheckResult } from "../check.js";
import { ocr, type OcrOptions, type OcrResult } from "../ocr.js";
import { outliers, type Outlier, type OutlierOptions } from "../outliers.js";
import { qualityOf, type Quality } from "../quality.js";
import { score, type ScoreOptions, type ScoreResult } from "../score.js";

/** What is measured of pictures and captions, and what comes of it. */
export interface MeasureVerbs {
  /**
   * Marks what may be wrong with figures and tables: pictures that are missing, blank, tiny or repeated, captions that say
   * nothing or are in another language. Nothing is removed: the marks are the columns `flags`, `flagged` and `marks`, for
   * any condition (`NOT flagged`, `list_contains(flags, 'near-duplicate')`), for the views and the export. Measures only
   * what is new; other limits mark anew without measuring. Measuring costs some 50 ms a picture and core.
   * @throws {ConfigurationError} for a limit or language that there is not
   */
  check(options?: CheckOptions): Promise<CheckResult>;

  /** What the last {@link check} found: for each flag how often, and an example. */
  quality(): Promise<Quality>;

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
  ocr(options?: OcrOptions): Promise<OcrResult>;

  /**
   * Measures captions.
   * @param metrics names (`support`) or scorers
   */
  score(metrics: readonly AskedScorer[], options?: ScoreOptions): Promise<ScoreResult>;

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
  audit(options: AuditOptions): Promise<Audit>;

  /**
   * Shows the figures that stand out by a metric, and gives their ids and values: the worst, the best, or those that changed
   * most from one caption to another. Without `compare` a gallery, with it a `lab.diff`.
   *
   * ```ts
   * await lab.outliers("pppl", { order: "most-changed", compare: ["raw", "context"] });
   * ```
   * @throws {ConfigurationError} where no figure has such a value
   */
  outliers(metric: string, options?: OutlierOptions): Promise<Outlier[]>;

  /**
   * How far a judge (see {@link judge}) agrees with people about the same claims of captions: Cohen's kappa with its interval.
   * Nothing is asked of a model; its scores must be there.
   * @param labels what people said, or a file with a JSON object a line: `figure_id`, `caption` (`raw` or a variant), `text`
   * (the claim in the caption's own words), `verdict` (supported, contradicted, cannot tell)
   * @throws {ConfigurationError} for a file that is not right, and where the judge scored none of these captions
   */
  agreement(labels: string | readonly ClaimVerdict[], options?: AgreementOptions): Promise<Agreement>;
}

export const measureVerbs = (dataset: Dataset): MeasureVerbs => ({
  check: (options) => check(dataset, options),
  quality: () => qualityOf(dataset.folder, kernelSignal()),
  ocr: (options) => ocr(dataset, options),
  score: (metrics, options) => score(dataset, metrics, options),
  audit: (options) => audit(dataset, options),
  outliers: (metric, options) => outliers(dataset.folder, metric, options),
  agreement: (labels, options) => agreementOf(dataset.folder, labels, options),
});
