import { exportFigures } from "../dataset/export.js";
import { count, saying } from "./summary.js";

/** Which figures are written, and with which caption. */
export interface ExportOptions {
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** Which new caption to give; `raw` for none. Needed only where the dataset has several variants. */
  variant?: string;
  signal?: AbortSignal;
}

/** What `Lab.export` wrote. */
export interface ExportResult {
  file: string;
  /** Lines written: figures and tables. */
  lines: number;
}

/** Writes a dataset's figures as lines of JSON, see `Lab.export`. */
export async function exportTo(folder: string, file: string, options?: ExportOptions): Promise<ExportResult> {
  const lines = await exportFigures(folder, file, options);
  return saying({ file, lines }, `${count(lines, "line")} in ${file}`);
}
