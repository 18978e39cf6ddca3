import { ConfigurationError } from "../errors.js";
import { DatasetService } from "../service/dataset-service.js";
import { conditionOf } from "../service/selected.js";
import { clearSelection, select, selectionOf } from "../service/selection.js";
import { EVERYTHING, type SelectionPart } from "../views/query.js";
import { count, saying } from "./summary.js";

/** What is selected in the views of a dataset, for the next cell. */
export interface LabSelection {
  /** The same as an SQL condition over the figures' columns; `true` where nothing is selected. */
  where: string;
  /** Figures that it picks, tables not counted. */
  figures: number;
  /** What each view selects. */
  parts: SelectionPart[];
}

/** The part that cells have in a selection. */
const CELLS = "cell";
const FIGURES_LIMIT = 10_000;

/** What is selected now, see `Lab.selection`. */
export async function selectionIn(folder: string): Promise<LabSelection> {
  const parts = [...selectionOf(folder).parts];
  const service = DatasetService.of(folder);
  const { catalogue } = await service.frame();
  const { positions } = await service.order({ query: EVERYTHING, source: "" });
  const where = parts.map(({ clause }) => conditionOf(clause, catalogue)).join("\n  AND ") || "true";
  const labels = parts.map(({ label }) => label).join(" and ") || "nothing selected: all";
  return saying(
    { where, figures: positions.length, parts },
    `${count(positions.length, "figure")} (${labels})`,
  );
}

/**
 * Selects figures for all views, see `Lab.select`.
 * @throws {ConfigurationError} for more than 10,000 figures
 */
export function selectFigures(folder: string, figures: readonly (string | { figure_id: string })[]): void {
  const figure_ids = figures.map((figure) => (typeof figure === "string" ? figure : figure.figure_id));
  if (figure_ids.length > FIGURES_LIMIT)
    throw new ConfigurationError(
      `At most ${FIGURES_LIMIT.toLocaleString("en")} figures can be selected one by one; give a gallery a condition instead.`,
    );
  select(selectionOf(folder), {
    source: CELLS,
    label: `${count(figure_ids.length, "figure")} of a cell`,
    clause: { kind: "figures", figure_ids },
  });
}

export function clearSelectionIn(folder: string): void {
  clearSelection(selectionOf(folder));
}
