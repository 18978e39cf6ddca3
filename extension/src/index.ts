import { diffPlugin } from "./diff/plugin.js";
import { galleryPlugin } from "./gallery/plugin.js";
import { histogramPlugin } from "./histogram/plugin.js";

export default [galleryPlugin, diffPlugin, histogramPlugin];
