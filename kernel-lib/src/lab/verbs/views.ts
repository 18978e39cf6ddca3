import { diff, type DiffOptions } from "../diff.js";
import { gallery, type GalleryOptions } from "../gallery.js";
import { histogram, type HistogramOptions } from "../histogram.js";
import { map, type MapOptions } from "../map.js";
import { clearSelectionIn, selectFigures, selectionIn, type LabSelection } from "../selection.js";

/** Figures and their values as pictures, and what is selected in them. */
export interface ViewVerbs {
  /**
   * Shows figures with their captions. With a live kernel the view scrolls through all of them, however many; the output
   * itself holds the first.
   *
   * ```ts
   * await lab.gallery({ where: "discipline = 'Astronomy'", sort: { by: "support", caption: "extractive", descending: true } });
   * ```
   * @throws {ConfigurationError} when the condition is not right, or there is nothing of that name to sort by
   */
  gallery(options?: GalleryOptions): Promise<void>;

  /** Shows one figure or table by its id, as {@link gallery} does. */
  figure(figure_id: string): Promise<void>;

  /**
   * Shows captions of each figure compared, by word or by sentence, with what `support` found unsupported in them.
   *
   * ```ts
   * await lab.diff({ captions: ["raw", "context", "terse"], sort: "loss", metric: "support" });
   * ```
   * @throws {ConfigurationError} for a caption that there is not, and a condition that is not right
   */
  diff(options?: DiffOptions): Promise<void>;

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
  histogram(metric: string, options?: HistogramOptions): Promise<void>;

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
  map(options?: MapOptions): Promise<void>;

  /**
   * What is selected in the views of this dataset, as a condition that other verbs take:
   *
   * ```ts
   * const { where } = await lab.selection();
   * await lab.recaption({ where });
   * ```
   * Where nothing is selected that is every figure.
   */
  selection(): Promise<LabSelection>;

  /**
   * Selects figures for all views of this dataset, beside what is selected in them.
   * @param figures ids, or figures as `lab.figures` gives them; 10,000 at most
   */
  select(figures: readonly (string | { figure_id: string })[]): void;

  /** Takes away what is selected, in all views. */
  clearSelection(): void;
}

/** @param folder the dataset's */
export const viewVerbs = (folder: string): ViewVerbs => ({
  gallery: (options) => gallery(folder, options),
  figure: (figure_id) => gallery(folder, { figures: [figure_id], title: figure_id }),
  diff: (options) => diff(folder, options),
  histogram: (metric, options) => histogram(folder, metric, options),
  map: (options) => map(folder, options),
  selection: () => selectionIn(folder),
  select: (figures) => selectFigures(folder, figures),
  clearSelection: () => clearSelectionIn(folder),
});
