import { ItemError } from "../../../errors.js";

/** What may be wrong with a figure's picture, in words that name the file and say what to do. */
const PROBLEMS = {
  "image-missing": ["is not there", "ingest the paper again"],
  "image-outside": [
    "leads out of the dataset, by its path or by a link",
    "put the picture itself into the dataset: figloom sends no other files",
  ],
  "image-unreadable": [
    "cannot be read",
    "look at the file and at its permissions, or ingest the paper again",
  ],
  "image-empty": ["is empty", "ingest the paper again"],
  "image-too-large": ["is too large to be sent", "scale the picture down"],
  "image-not-recognised": ["is no PNG, JPEG, GIF, WebP or TIFF", "convert it, or ingest the paper again"],
  "image-corrupt": ["cannot be decoded", "repair the file, or ingest the paper again"],
  "image-too-slow": ["takes too long to decode", "scale the picture down, or save it anew"],
} as const;

export type PictureProblem = keyof typeof PROBLEMS;

/** @param detail what was found, such as a size or the decoder's words */
export function pictureError(
  reason: PictureProblem,
  path: string,
  detail?: string,
  cause?: unknown,
): ItemError {
  const [what, wayOut] = PROBLEMS[reason];
  const message = `The picture ${path} ${what}${detail ? ` (${detail})` : ""}.`;
  return new ItemError({ reason, message, wayOut: `${wayOut[0]!.toUpperCase()}${wayOut.slice(1)}.`, cause });
}
