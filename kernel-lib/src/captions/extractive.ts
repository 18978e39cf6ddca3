import { ConfigurationError, ItemError } from "../errors.js";
import { terms } from "../text/words.js";
import type { CaptionInput, Captioner } from "./captioner.js";
import { candidates } from "./extractive/candidates.js";
import { labelSentence } from "./extractive/labels.js";
import { panelSentences, rawSentences } from "./extractive/raw.js";
import { select } from "./extractive/select.js";
import { content } from "./extractive/said.js";
import { settingSentence } from "./extractive/setting.js";

/** How captions are composed. */
export interface ExtractiveOptions {
  /**
   * Length to fill, in UTF-16 code units; a longer raw caption stays whole.
   * @default 900
   */
  maxCharacters?: number;
}

/**
 * The extractive captioner: a baseline without a model. It composes a caption out of the paper's own sentences: the
 * raw caption, the panels' captions, the best sentences of the paragraphs that mention the figure, the labels that were
 * read off the picture, and at most one sentence of the abstract (or the title). Sentences are only trimmed by the rules of docs/baselines.md, never
 * written; the picture itself is not looked at. The same input gives the same caption. Linear in the length of the texts.
 *
 * @throws {ConfigurationError} for a length that is no whole number of at least 100. A figure without caption, panel
 * captions and usable paragraphs is an {@link ItemError} `nothing-to-say`.
 */
export function extractive({ maxCharacters = 900 }: ExtractiveOptions = {}): Captioner {
  if (!Number.isInteger(maxCharacters) || maxCharacters < 100) {
    throw new ConfigurationError(
      `maxCharacters of the extractive captioner is ${maxCharacters}: give a whole number of at least 100`,
    );
  }
  return {
    id: "extractive",
    version: 2,
    readsText: true,
    variant: "extractive",
    caption(input, { signal }) {
      return new Promise((resolve) => {
        signal.throwIfAborted();
        resolve({
          figure_id: input.figure.figure_id,
          variant: "extractive",
          text: compose(input, maxCharacters),
          captioner: "extractive",
          captioner_version: 2,
          prompt_id: null,
          prompt_hash: null,
          model: null,
          sampling: JSON.stringify({ maxCharacters }),
          finish_reason: "stop",
          prompt_tokens: null,
          completion_tokens: null,
          seconds: null,
          attempts: null,
          detail: null,
        });
      });
    },
  };
}

function compose({ figure, paper, figure_text = null }: CaptionInput, maxCharacters: number): string {
  const raw = rawSentences(figure.caption);
  const panels = panelSentences(figure.panels, raw.join(" "));
  const opening = fitting([...raw], panels, maxCharacters);
  const topic = terms([...raw, ...panels].join(" "));
  const room = maxCharacters - opening.join(" ").length - 1;
  const said = opening.map((sentence) => content(sentence));
  const shown = select(candidates(figure, topic), said, room).map((candidate) => candidate.text);
  const body = [...opening, ...shown];
  if (body.length === 0) throw nothingToSay(figure.figure_id);
  const told = body.join(" ");
  const labels = labelSentence(figure_text, { caption: told, room: maxCharacters - told.length - 1 });
  const caption = labels ? `${told} ${labels}` : told;
  const setting = settingSentence(paper, { caption, room: maxCharacters - caption.length - 1 });
  return setting ? `${caption} ${setting}` : caption;
}

/** The first sentences whole, then as many of the others as fit. */
function fitting(first: string[], others: readonly string[], maxCharacters: number): string[] {
  let length = first.join(" ").length;
  for (const sentence of others) {
    length += sentence.length + 1;
    if (length > maxCharacters) break;
    first.push(sentence);
  }
  return first;
}

function nothingToSay(figureId: string): ItemError {
  return new ItemError({
    reason: "nothing-to-say",
    message: `${figureId} has no caption, and no paragraph of the paper says anything about it that could stand alone`,
    wayOut: "look at the figure's contexts, or give it to a captioner that sees the picture",
  });
}
