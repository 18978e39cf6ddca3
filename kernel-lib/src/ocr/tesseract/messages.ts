/** What goes between us and a process that holds Tesseract: plain data. */
import type { TextLine } from "../../model.js";
import type { Grey } from "../components.js";

/** The picture to be read next; the first makes it load its data. */
export interface Request {
  picture: Grey;
  /** Folder of `eng.traineddata.gz`. */
  data: string;
}

export type Reply = { lines: TextLine[] } | { error: string };
