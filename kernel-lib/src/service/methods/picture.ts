import { readFile, stat } from "node:fs/promises";
import { within } from "../../disk/files.js";
import { ConfigurationError } from "../../errors.js";
import type { PictureMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import type { MethodsOf } from "../service.js";

/** Bytes that still go in one message. */
const LIMIT = 20_000_000;

/** Full pictures, for pages that have no way to the dataset's files. */
export const pictureMethods: MethodsOf<PictureMethods> = (service) => ({
  async picture(argument) {
    const { figure_id } = ask.checked(ask.figure, argument);
    const frame = await service.frame();
    const [row] = await frame.all<{ image_path: string | null }>(
      "SELECT image_path FROM frame WHERE figure_id = $1",
      [figure_id],
    );
    const file = row?.image_path && within(service.folder, row.image_path);
    const found = file ? await stat(file).catch(() => null) : null;
    if (!file || !found) return null;
    if (found.size >= LIMIT)
      throw new ConfigurationError(
        `The picture of ${figure_id} has ${Math.round(found.size / 1e6)} MB, more than goes through the kernel; start JupyterLab in a folder that holds the dataset, and it is loaded as a file.`,
      );
    return `data:image/png;base64,${(await readFile(file)).toString("base64")}`;
  },
});
