import type { LiveQuery } from "figloom/views";
import { labCell, optionsLiteral } from "../common/code.js";

/** A cell that shows what a gallery shows. */
export function queryCode({ dataset, query }: LiveQuery): string {
  const { where, search, sort, group, floats, linked } = query;
  const options = optionsLiteral({
    where: where ?? undefined,
    search: search || undefined,
    sort: sort ?? undefined,
    group: group ?? undefined,
    floats: floats === "figure" ? undefined : floats,
    linked: linked ? undefined : false,
  });
  return labCell(dataset, `gallery(${options})`);
}
