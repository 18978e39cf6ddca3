import { MAP_MIME } from "figloom/views";
import { viewPlugin } from "../common/plugin.js";
import { drawMap } from "./map.js";

export const mapPlugin = viewPlugin({
  name: "map",
  description: "Draws figures as points in two dimensions, to be looked at and drawn around.",
  mimeType: MAP_MIME,
  draw: drawMap,
});
