import { DIFF_MIME } from "figloom/views";
import { viewPlugin } from "../common/plugin.js";
import { drawDiff } from "./diff.js";
import { diffView } from "./schema.js";

export const diffPlugin = viewPlugin({
  name: "diff",
  description: "Draws two captions of each figure compared by word.",
  mimeType: DIFF_MIME,
  schema: diffView,
  draw: drawDiff,
});
