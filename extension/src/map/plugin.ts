import { MAP_MIME } from "figloom/views";
import { viewPlugin } from "../common/plugin.js";
import { drawMap } from "./map.js";
import { mapView } from "./schema.js";

export const mapPlugin = viewPlugin({
  name: "map",
  description: "Draws figures as points in two dimensions, to be looked at and drawn around.",
  mimeType: MAP_MIME,
  schema: mapView,
  draw: drawMap,
});
