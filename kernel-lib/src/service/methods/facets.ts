import type { RowMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import type { MethodsOf } from "../service.js";

/** Values that are told. */
const VALUES_LIMIT = 200;

/** How often a category has which value. */
export const facetMethods: MethodsOf<Pick<RowMethods, "facets">> = (service) => ({
  async facets(argument) {
    const { column, ...rows } = ask.checked(ask.columnOfRows, argument);
    const frame = await service.frame();
    const value = await frame.column(column);
    return frame.all<{ value: string | null; count: number }>(
      `SELECT left(${value}::VARCHAR, 1000) AS value, count(*)::INTEGER AS count FROM frame
       WHERE ${await frame.condition(rows)} GROUP BY 1 ORDER BY count DESC, value NULLS LAST LIMIT ${VALUES_LIMIT}`,
    );
  },
});
