import { MATRIX_MIME } from "figloom/views";
import { viewPlugin } from "../common/plugin.js";
import { drawMatrix } from "./matrix.js";
import { matrixView } from "./schema.js";

export const matrixPlugin = viewPlugin({
  name: "matrix",
  description: "Draws figures × prompts: what each prompt says of each figure.",
  mimeType: MATRIX_MIME,
  schema: matrixView,
  draw: drawMatrix,
});
