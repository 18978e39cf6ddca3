/** The entry of a thread that draws one graphic at a time into a folder. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { errorText } from "../../../kernel-lib/src/errors.js";
import { renderFigure } from "../../../kernel-lib/src/figures/render.js";
import type { Archive } from "../../../kernel-lib/src/papers/archive/archive.js";
import type { WorkerAnswer } from "../../../kernel-lib/src/stages/pool.js";

export interface DrawItem {
  file: string;
  into: string;
}

export default async function draw({ file, into }: DrawItem): Promise<WorkerAnswer<null>> {
  const name = basename(file);
  const archive: Archive = {
    source: name,
    sha256: "",
    form: "folder",
    paths: [name],
    refused: [],
    read: () => readFileSync(file),
  };
  try {
    const { png, thumb } = await renderFigure({ archive, source: { from: "graphics", rows: [[name]] } });
    writeFileSync(join(into, `${name}.png`), png);
    writeFileSync(join(into, `${name}.webp`), thumb);
    return { result: null };
  } catch (error) {
    return { stop: `${file} cannot be drawn: ${errorText(error)}` };
  }
}
