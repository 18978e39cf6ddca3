import { createHash } from "node:crypto";
import { within } from "../disk/files.js";
import { ItemError } from "../errors.js";
import type { Figure, PictureText } from "../model.js";
import { readerName, type TextReader } from "../ocr/reader.js";
import { textOf } from "../text/reading-order.js";
import { readLimited } from "../quality/picture.js";
import type { Stage } from "./stage.js";

/** A figure or table with a picture. */
export interface OcrInput {
  figure: Figure;
  image_path: string;
  sha256: string;
}

/**
 * Reads the text on pictures.
 * @param folder the dataset's
 */
export function ocrStage<In extends OcrInput>(folder: string, reader: TextReader): Stage<In, PictureText> {
  return {
    name: "ocr",
    // Raised when the stage itself, not a reader, would give other results.
    version: 1,
    key: ({ figure }) => figure.figure_id,
    async run({ figure, image_path, sha256 }, { signal }) {
      const { bytes, image } = await pictureFile(folder, image_path, sha256);
      const lines = await reader.read(bytes, { signal, figure, image });
      return { figure_id: figure.figure_id, sha256, reader: readerName(reader), ...textOf(lines) };
    },
  };
}

async function pictureFile(
  folder: string,
  image_path: string,
  sha256: string,
): Promise<{ bytes: Buffer; image: string }> {
  const path = within(folder, image_path);
  const problem = (why: string, cause?: unknown) =>
    new ItemError({
      reason: "picture-unreadable",
      message: `The picture ${image_path} cannot be used: ${why}.`,
      wayOut: "Ingest the paper again, or leave the figure out.",
      cause,
    });
  if (path === null) throw problem("its path leads out of the dataset");
  const bytes = await readLimited(path).catch((error: NodeJS.ErrnoException) => {
    throw problem(error.code === "ENOENT" ? "the file is gone" : "the file cannot be read", error);
  });
  if (createHash("sha256").update(bytes).digest("hex") !== sha256)
    throw problem("it is not the one that was ingested");
  return { bytes, image: path };
}
