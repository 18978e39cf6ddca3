import type { RowMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import { frequencies } from "../categories.js";
import type { MethodsOf } from "../service.js";

/** Values that are told. */
const VALUES_LIMIT = 200;
/** Characters of one that are told. */
const TEXT_LIMIT = 1_000;

/** How often a category has which value. */
export const facetMethods: MethodsOf<Pick<RowMethods, "facets">> = (service) => ({
  async facets(argument) {
    const { column, ...rows } = ask.checked(ask.columnOfRows, argument);
    const frame = await service.frame();
    const selected = await frame.rows(rows.query, service.clauses(rows));
    const { list } = await frequencies(await frame.categories(column), selected, VALUES_LIMIT);
    return list.map(({ value, count }) => ({ value: value?.slice(0, TEXT_LIMIT) ?? null, count }));
  },
});
