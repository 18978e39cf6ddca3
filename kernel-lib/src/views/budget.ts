/** A view's JSON travels in the notebook file: anything over 1 MB belongs in a file of its own. */
const VIEW_BYTES = 1_000_000;
/** Room for a view's own fields around its items. */
const RESERVE_BYTES = 8_000;

/** The items, from the first on, whose JSON fits into one view. */
export function fitting<Item>(items: readonly Item[], budget: number = VIEW_BYTES - RESERVE_BYTES): Item[] {
  let bytes = 0;
  const end = items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return bytes > budget;
  });
  return end < 0 ? [...items] : items.slice(0, end);
}
