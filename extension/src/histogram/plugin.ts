import { HISTOGRAM_MIME } from "figloom/views";
import { viewPlugin } from "../common/plugin.js";
import { drawHistogram } from "./histogram.js";
import { histogramView } from "./schema.js";

export const histogramPlugin = viewPlugin({
  name: "histogram",
  description: "Draws histograms of a score with two or more captions compared.",
  mimeType: HISTOGRAM_MIME,
  schema: histogramView,
  draw: drawHistogram,
});
