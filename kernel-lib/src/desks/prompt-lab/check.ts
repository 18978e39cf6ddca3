import { ConfigurationError } from "../../errors.js";
import type { CheckedPrompt, PromptText } from "../../views/prompt-lab.js";
import { promptOf } from "./workspace.js";

/** Whether a text is a prompt, and what is wrong with it otherwise. */
export function checkPrompt(folder: string, prompt: PromptText): CheckedPrompt {
  try {
    const { id, hash } = promptOf(folder, prompt);
    return { problem: null, id, hash };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { problem: placed(error.message, prompt.name), id: null, hash: null };
  }
}

/** Messages begin with `<file>:<line>: `, or with `<file>: `. */
function placed(message: string, name: string): NonNullable<CheckedPrompt["problem"]> {
  if (!message.startsWith(`${name}:`)) return { line: null, message };
  const [, line, rest = ""] = /^(?:(\d+):)?\s*(.*)$/s.exec(message.slice(name.length + 1)) ?? [];
  return { line: line === undefined ? null : Number(line), message: rest };
}
