import { z } from "zod";
import { isMapName, readRecord } from "../../dataset/maps.js";
import type { ViewMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import type { MethodsOf } from "../service.js";
import { histogramView } from "../views/histogram.js";
import { mapView } from "../views/map.js";

const column = z.string().max(300);
const HISTOGRAM = z.object({ metric: column });
const MAP = z.object({ x: column, y: column, colour: column.nullable() });

/** Whole views, for pages that have no output to begin with. */
export const viewMethods: MethodsOf<ViewMethods> = (service) => ({
  histogramView(argument) {
    return histogramView(service, ask.checked(HISTOGRAM, argument).metric);
  },

  async mapView(argument) {
    const { x, y, colour } = ask.checked(MAP, argument);
    const [, name] = /^map\.(.+)\.x$/.exec(x) ?? [];
    const laidOut = name !== undefined && isMapName(name) && y === `map.${name}.y`;
    const record = laidOut ? await readRecord(service.folder, name) : null;
    return mapView(service, { x, y, record }, { colour });
  },
});
