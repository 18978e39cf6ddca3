import { LinkError, type Events, type Link, type Methods } from "figloom/views";
import { __ } from "./words.js";

/** The line of a view that has no kernel: it says so. */
export function noLink<M extends Methods, E extends Events>(): Link<M, E> {
  return {
    state: "gone",
    onState: () => () => undefined,
    ask: () => Promise.reject(new LinkError(__("There is no kernel here that could answer."), "gone")),
    on: () => () => undefined,
  };
}
