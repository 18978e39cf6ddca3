import { labCell, literal } from "../common/code.js";

/** A cell that opens a dataset and shows one figure of it. */
export function figureCode(dataset: string, figureId: string): string {
  return labCell(dataset, `figure(${literal(figureId)})`);
}
