import { makePrompt } from "../../../../../kernel-lib/src/captions/prompts/load.js";
import type { Prompt } from "../../../../../kernel-lib/src/captions/prompts/prompt.js";
import type { CaptionInput } from "../../../../../kernel-lib/src/captions/captioner.js";
import { figureWith, paper } from "../papers.js";

/** A prompt file's text: settings, and what comes before and after the picture. */
export const file = (settings: string, after = "{{caption}}", before = "Describe the picture."): string =>
  `---\n${settings}\n---\n\n${before}\n\n{{image}}\n\n${after}\n`;

export const promptOf = (source: string): Prompt =>
  makePrompt({ file: "prompts/mine.md", name: "prompts/mine.md", source });

export const prompt = (settings: string, after?: string, before?: string): Prompt =>
  promptOf(file(settings, after, before));

export const input = (
  parts: Parameters<typeof figureWith>[0],
  more: Partial<CaptionInput> = {},
): CaptionInput => ({ figure: figureWith(parts), paper, image: null, ...more });
