/** What a notebook cell can import. */
export { openLab, type Lab, type LabOptions } from "./lab/lab.js";
export { openPaper, type OpenPaper } from "./lab/paper.js";
export type { ExportOptions, ExportResult } from "./lab/export.js";
export type { IngestOptions, IngestResult } from "./lab/ingest.js";
export {
  fetchPapers,
  planFetch,
  type FetchOptions,
  type FetchPlan,
  type FetchResult,
  type FetchSelection,
} from "./lab/fetch.js";
export type { PaperQuery } from "./fetch/selection.js";
export type { Audit, AuditOptions } from "./lab/audit.js";
export type { AuditReport } from "./audit/report.js";
export type { CheckOptions, CheckResult } from "./lab/check.js";
export type { OcrOptions, OcrResult } from "./lab/ocr.js";
export type { PixelReader, ReadOptions, TextReader } from "./ocr/reader.js";
export type { AskedReader, ReaderKind, ReaderSpec } from "./ocr/spec.js";
export { ppocr, type PpocrOptions } from "./ocr/ppocr/ppocr.js";
export { tesseract, type TesseractOptions } from "./ocr/tesseract/tesseract.js";
export { vllmReader, type VllmReaderOptions } from "./ocr/vllm/vllm.js";
export type { LabSelection } from "./lab/selection.js";
export type { SortOptions } from "./lab/gallery.js";
export type { FlagCount, Quality } from "./lab/quality.js";
export type { Outlier, OutlierOptions } from "./lab/outliers.js";
export type { RecaptionOptions, RecaptionResult } from "./lab/recaption.js";
export type { Estimate, EstimateOptions } from "./lab/estimate.js";
export type { Amount } from "./captions/estimate.js";
export type { BudgetLimits } from "./captions/budget.js";
export type { Prices } from "./captions/cost.js";
export type { Reviewable, ReviewOptions, ReviewResult } from "./lab/review.js";
export type { ScoreOptions, ScoreResult } from "./lab/score.js";
export type { TuneOptions } from "./lab/tune/tune.js";
export type { Run } from "./lab/runs.js";
export type {
  LaunchEngine,
  LaunchOptions,
  LaunchPhase,
  LaunchPlan,
  LaunchRate,
  LaunchResources,
  LaunchTakes,
  ServeOptions,
} from "./lab/launch-options.js";
export type {
  ClusterPhase,
  ClusterReport,
  ClusterRuns,
  ClusterStatus,
  ClusterTask,
  PreparedLaunch,
  RunLog,
} from "./work/cluster-runs.js";
export type { RunEvent, RunState } from "./views/run.js";
export type { Comparison, Trial, TrialFailure, TrialSummary } from "./lab/tune/trial.js";
export type { KeepOptions, Kept } from "./lab/tune/keep.js";
export type { PairedDifference } from "./statistics/paired.js";
export type { Summary } from "./lab/overview.js";
export type { MapOptions } from "./lab/map.js";
export type { FeatureItem, Features } from "./maps/features.js";
export type { DiffOptions } from "./lab/diff.js";
export type { GalleryOptions } from "./lab/gallery.js";
export type { HistogramOptions } from "./lab/histogram.js";
export type { WorkOptions } from "./lab/work.js";
export type { FigureRow, Selection } from "./dataset/query.js";
export type { KeptPrompt } from "./dataset/prompts.js";
export type { StoredFigure, StoredPaper } from "./dataset/schema.js";
export { extractive, type ExtractiveOptions } from "./captions/extractive.js";
export type { CaptionInput, Captioner } from "./captions/captioner.js";
export { vllm, type VllmOptions } from "./captions/vllm/vllm.js";
export type { CaptionerOptions, Usage, VisionModel } from "./captions/vision-model.js";
export type { Limits as ServerLimits, ServerEvent } from "./captions/vllm/schedule/scheduler.js";
export { loadPrompt, shippedPrompts } from "./captions/prompts/load.js";
export type { ComposedPrompt, ComposeOptions, Prompt, Sampling } from "./captions/prompts/prompt.js";
export { judge, type JudgeOptions } from "./scores/judge/judge.js";
export { agreement, type Agreement, type ClaimVerdict } from "./scores/judge/agreement.js";
export type { AgreementOptions } from "./lab/agreement.js";
export type { JudgedClaim, JudgeDetail, JudgeVerdict } from "./scores/judge/verdicts.js";
export { support, type Claim, type ClaimKind, type SupportDetail } from "./scores/support.js";
export { form } from "./scores/form.js";
export { clip, type ClipDetail, type ClipOptions, type ClipSentencesDetail } from "./scores/clip/clip.js";
export { pppl, type PpplDetail, type PpplOptions } from "./scores/pppl/pppl.js";
export type { Measured, ScoreInput, Scorer, ScorerSpec } from "./scores/scorer.js";
export type { AskedScorer } from "./scores/named.js";
export type { Limits } from "./quality/limits.js";
export * from "./model.js";
export * from "./errors.js";
export { listModels as models, type ListedModel } from "./models/list.js";
export { runStage, type RunStageOptions } from "./stages/run-stage.js";
export type { Progress, Stage, StageContext } from "./stages/stage.js";
export { VERSION } from "./version.js";
