import { makePrompt } from "../../kernel-lib/src/captions/prompts/load.js";
import type { Prompt } from "../../kernel-lib/src/captions/prompts/prompt.js";

/** A short prompt, as its file has it. */
export const CHAOS_PROMPT = `---
id: chaos
about: A caption out of the words of the paper, for a rehearsal.
language: en
max_pixels: 1048576
context_tokens: 3000
sampling:
  temperature: 0.2
  max_tokens: 300
---

Write a caption for the figure in two or three sentences, out of the picture and the words of the paper.

{{image}}

{{#contexts}}
{{text}}
{{/contexts}}

The author's caption: {{caption}}

Write the caption now.
`;

export const chaosPrompt = (): Prompt => makePrompt({ file: null, name: "chaos", source: CHAOS_PROMPT });
