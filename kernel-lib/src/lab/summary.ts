import { inspect } from "node:util";

export { duration } from "../text/duration.js";

/** A number of things: `1 paper`, `27 figures`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;
}

/** Makes `console.log(result)` and `${result}` say `text`; the fields stay as they are, also in JSON. */
export function saying<T extends object>(result: T, text: string): T {
  return Object.defineProperties(result, {
    toString: { value: () => text, enumerable: false },
    [inspect.custom]: { value: () => text, enumerable: false },
  });
}
