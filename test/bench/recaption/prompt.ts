import { makePrompt } from "../../../kernel-lib/src/captions/prompts/load.js";
import type { Prompt } from "../../../kernel-lib/src/captions/prompts/prompt.js";

/** A short prompt of its own name: captions of another prompt are others. */
export function benchPrompt(id: string): Prompt {
  const source = `---
id: ${id}
about: A caption out of the words of the paper, to measure with.
max_pixels: 1048576
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
  return makePrompt({ file: null, name: id, source });
}
