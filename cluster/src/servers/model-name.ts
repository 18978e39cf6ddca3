import { existsSync } from "node:fs";
import { resolve } from "node:path";

/**
 * What is wrong with the name of a model that servers are to load, in a sentence: a folder by a path that is relative to
 * where the user is means another one, or none, where servers are started.
 * @returns `null` for a hub's id and for an absolute path, of which only nodes can say whether they see it
 */
export function modelProblem(model: string): string | null {
  const isPath = /^(\.|~)/.test(model) || (!model.startsWith("/") && existsSync(model));
  if (!isPath) return null;
  const example = model.startsWith("~") ? "" : `, such as ${resolve(model)}`;
  return `The model ${model} is a folder named from here: give the path from the root, as nodes see it${example}.`;
}
