import { DISCIPLINES } from "../../model.js";
import { estimateTokens } from "../../text/tokens.js";
import type { CaptionInput } from "../captioner.js";
import { spend, type Words } from "./budget.js";
import { DATA_RULE, fenced } from "./fence.js";
import type { ComposedPrompt } from "./prompt.js";
import type { Template, View } from "./template.js";

/** The rules for the paper's words: fences, marks made harmless, budget. Raised when they give other words. */
export const WORDS_RULES = 1;

/** What stands before the picture: the template's constant text, and that what comes after it is data. */
export function systemMessage({ system, prints }: Template): string {
  return [system, ...(prints.size > 0 ? [DATA_RULE] : [])].filter((part) => part !== "").join("\n\n");
}

/** Fills the template in for one figure, within a budget of tokens for the paper's words. */
export function compose(template: Template, input: CaptionInput, tokens: number): ComposedPrompt {
  const { words, kept } = spend(input, template.prints, tokens);
  const system = systemMessage(template);
  const user = template.fill(view(words, input, template.prints));
  return { system, user, tokens: estimateTokens(system) + estimateTokens(user), kept };
}

function view(words: Words, { figure, paper }: CaptionInput, prints: Template["prints"]): View {
  const panels = words.panels.map(({ number, caption }) => ({
    number: fenced("panel", number),
    caption: fenced("panel_caption", caption),
  }));
  const contexts = words.contexts.map(({ text, section }) => ({
    text: fenced("paragraph", text),
    section: fenced("section", section),
  }));
  return {
    title: fenced("title", words.title),
    abstract: fenced("abstract", words.abstract),
    // Out of figloom's own list, and nothing else: these stand without a fence.
    discipline: DISCIPLINES.find((name) => name === paper.discipline) ?? "",
    float: figure.float === "table" ? "table" : "figure",
    caption: fenced("caption", words.caption),
    number: fenced("number", words.number),
    figure_text: fenced("figure_text", words.figure_text),
    // Of a list that is printed, what found room; of another, what there is.
    has_panels: (prints.has("panels") ? panels : figure.panels).length > 0,
    has_contexts: (prints.has("contexts") ? contexts : figure.contexts).length > 0,
    panels,
    contexts,
  };
}
