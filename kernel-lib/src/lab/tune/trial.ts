import type { Prompt } from "../../captions/prompts/prompt.js";
import { currentCell } from "../../kernel/state.js";
import type { TrialCaption } from "../../model.js";
import type { PairedDifference } from "../../statistics/paired.js";
import { buildDiff } from "../../views/diff.js";
import type { MatrixColumn, MatrixView } from "../../views/matrix.js";
import { columnsOf, differences, sideOf, type Side } from "../../views/matrix-measures.js";
import { matrixBundle, showDiff, showMatrix, type Shown } from "../show.js";
import { comparisonText, summaryText } from "../../views/twins/matrix-text.js";
import { count, saying } from "../summary.js";
import { armOf } from "./arms.js";
import { cardOf, promptsOf, rowOf } from "./cards.js";
import { keepAsFile, type KeepOptions, type Kept } from "./keep.js";
import type { TrialTable } from "./table.js";
import type { TrialAbout } from "./trial-about.js";

export interface MatrixViewOptions {
  /**
   * What captions and values are compared with: `raw`, or a prompt of the trial.
   * @default the first prompt, or `raw` where there is only one
   */
  against?: "raw" | string | Prompt;
  title?: string;
}

/** What came of each prompt of a trial. */
export interface TrialSummary {
  /** What the columns are compared with: `raw`, or a column's name. */
  against: string;
  figures: number;
  papers: number;
  seed: number;
  columns: MatrixColumn[];
}

/** How far one prompt lies above another, by measure. */
export interface Comparison {
  from: string;
  to: string;
  measures: Record<string, PairedDifference>;
}

/** A question that no caption came of. */
export interface TrialFailure {
  figure_id: string;
  /** The prompt's column. */
  column: string;
  repeat: number;
  reason: string;
  message: string;
  way_out: string;
}

/**
 * Prompts tried on a sample of figures: captions, what they are worth, and the way to keep the better one. Columns are
 * named after the prompts' ids; where that does not tell them apart, model and hash are added.
 */
export class Trial {
  readonly #table: TrialTable;
  readonly #about: TrialAbout;
  #live: { shown: Shown; cell: object } | null = null;

  /** Use `lab.tune`. */
  constructor(table: TrialTable, about: TrialAbout) {
    this.#table = table;
    this.#about = about;
    saying(this, summaryText(this.#view({})));
  }

  /** Names of the columns: a prompt of a model each. */
  get columns(): string[] {
    return this.#table.arms.map(({ name }) => name);
  }

  /** Ids of the sample's figures, in the order in which they were drawn or named. */
  get figures(): string[] {
    return this.#table.figures.map(({ figure }) => figure.figure_id);
  }

  /** All captions, each with its column's name. */
  get captions(): (TrialCaption & { column: string })[] {
    return [...this.#table.places()].flatMap(({ arm, reply }) =>
      reply.state === "answered" ? [{ column: this.columns[arm]!, ...reply.caption }] : [],
    );
  }

  /** What failed, and why; the same call of `lab.tune` asks it again. */
  get failures(): TrialFailure[] {
    return [...this.#table.places()].flatMap(({ figure, arm, repeat, reply }) => {
      if (reply.state !== "failed") return [];
      const { reason, message, way_out } = reply.line;
      const [figure_id, column] = [this.figures[figure]!, this.columns[arm]!];
      return [{ figure_id, column, repeat, reason, message, way_out }];
    });
  }

  /**
   * Shows figures × prompts: each caption with what differs from the one it is compared with, its length and its scores.
   * In the cell that the trial was made in, this draws anew what stands there.
   */
  matrix(options: MatrixViewOptions = {}): void {
    const view = this.#view(options);
    const cell = currentCell();
    if (this.#live && this.#live.cell === cell) this.#live.shown.update(matrixBundle(view));
    else showMatrix(view);
  }

  /** For each prompt the means over the figures, and how far they lie above those of what it is compared with. */
  summary(options: Pick<MatrixViewOptions, "against"> = {}): TrialSummary {
    const view = this.#view(options);
    const summary = {
      against: view.against,
      figures: this.#table.figures.length,
      papers: papersOf(this.#table),
      seed: this.#about.seed,
      columns: view.columns,
    };
    return saying(summary, summaryText(view));
  }

  /**
   * How far `to` lies above `from`, by measure, over the figures that both have a caption of, with a 95 % interval that
   * is clustered by paper.
   */
  compare(from: "raw" | string | Prompt, to: "raw" | string | Prompt): Comparison {
    const names = { from: this.#nameOf(from), to: this.#nameOf(to) };
    const rows = this.#table.figures.map((_, figure) => rowOf(this.#table, figure, false));
    const measures = differences(rows, this.#side(names.from), this.#side(names.to), this.#about.seed);
    const comparison = { ...names, measures };
    return saying(comparison, comparisonText(comparison));
  }

  /** Shows two prompts' first captions of each figure word by word. */
  diff(from: "raw" | string | Prompt, to: "raw" | string | Prompt): void {
    const names = { from: this.#nameOf(from), to: this.#nameOf(to) };
    const cards = this.#table.figures.map((_, figure) => cardOf(this.#table, figure));
    showDiff(buildDiff({ title: `${names.from} → ${names.to}`, captions: [names.from, names.to], cards }));
  }

  /**
   * Writes a prompt as a file into the notebook's folder, with a record of this trial in its front matter. The record is
   * no part of the prompt's identity: its captions stay the same.
   * @throws {ConfigurationError} when another prompt's file is there
   */
  async keep(prompt: string | Prompt, options: KeepOptions = {}): Promise<Kept> {
    const arm = armOf(this.#table.arms, prompt);
    const { against, columns } = this.#view({});
    const column = columns.find(({ name }) => name === arm.name)!;
    const others = this.#table.arms.filter((other) => other !== arm);
    const [figures, papers] = [this.figures, papersOf(this.#table)];
    return keepAsFile({ arm, column, against, others, figures, papers, ...this.#about }, options);
  }

  /** Notes that the trial is on display under this cell. */
  shownUnder(cell: object, shown: Shown): void {
    this.#live = { cell, shown };
  }

  #nameOf(which: "raw" | string | Prompt): string {
    return which === "raw" ? "raw" : armOf(this.#table.arms, which).name;
  }

  #side(name: string): Side {
    return sideOf(promptsOf(this.#table), name);
  }

  #view({ against, title }: MatrixViewOptions): MatrixView {
    return trialView(this.#table, this.#about, {
      ...(against !== undefined && { against: this.#nameOf(against) }),
      ...(title !== undefined && { title }),
    });
  }
}

export interface TrialViewOptions {
  /** `raw` or a column's name. */
  against?: string;
  title?: string;
  /** Whether the work goes on. */
  running?: boolean;
}

/** A trial, finished or not, as a view. */
export function trialView(table: TrialTable, about: TrialAbout, options: TrialViewOptions = {}): MatrixView {
  const { arms, figures } = table;
  const { seed, folder, id } = about;
  const running = options.running ?? false;
  const against = options.against ?? (arms.length > 1 ? arms[0]!.name : "raw");
  const note = [
    `${count(figures.length, "figure")} of ${count(papersOf(table), "paper")}`,
    `seed ${seed}`,
    ...about.remarks,
  ].join(" · ");
  const title = options.title ?? arms.map(({ name }) => name).join(" | ");
  const rows = figures.map((_, figure) => rowOf(table, figure, running));
  const columns = columnsOf(promptsOf(table), rows, against, seed);
  return {
    title,
    note,
    against,
    seed,
    dataset: folder,
    trial: id,
    running,
    columns,
    total: rows.length,
    rows,
  };
}

const papersOf = ({ figures }: TrialTable): number =>
  new Set(figures.map(({ figure }) => figure.paper_id)).size;
