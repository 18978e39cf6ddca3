import type { Figure, Judgement, Mark, Measurement } from "../model.js";
import type { Flag } from "./flags.js";
import type { Limits } from "./limits.js";

/** An earlier figure that a figure repeats. */
export interface Repeated {
  figure_id: string;
  paper_id: string;
}

/** All that is known about the quality of one figure. */
export interface Facts
  extends
    Omit<Measurement, "signature">,
    Pick<Figure, "paper_id" | "float" | "image_missing" | "image_path" | "width" | "height"> {
  caption_characters: number;
  contexts: number;
  /** The first figure with the very same picture file, with a picture that is a copy, with the same caption. */
  same_file: Repeated | null;
  copy: (Repeated & { likeness: number }) | null;
  same_caption: Repeated | null;
  /** Whether the caption of the figure that this one's picture repeats is the same. */
  caption_agrees: boolean;
}

/** What the checks look for. */
export interface Wanted {
  limits: Limits;
  /** ISO 639-1. */
  languages: readonly string[];
}

/** Takes the facts about a figure for good or bad. Pure: the same facts and limits give the same judgement. */
export function judge(facts: Facts, wanted: Wanted): Judgement {
  const { figure_id, figure_run, language } = facts;
  const marks = [...picture(facts, wanted.limits), ...repeats(facts, wanted.limits), ...text(facts, wanted)];
  return { figure_id, figure_run, language, marks };
}

type Detail = Partial<Pick<Mark, "value" | "limit" | "of">>;

const mark = (flag: Flag, reason: string, { value = null, limit = null, of = null }: Detail = {}): Mark => ({
  flag,
  reason,
  value,
  limit,
  of,
});

function* picture(facts: Facts, limits: Limits): Generator<Mark> {
  const { image_path, image_missing, image_problem, image_bytes, width, height, content } = facts;
  if (image_path === null) {
    // A table is text; it lacks a picture only where one was tried.
    if (facts.float === "figure" || image_missing !== null)
      yield mark("picture-missing", image_missing ?? "There is no picture.");
    return;
  }
  if (image_problem !== null) {
    yield mark("picture-corrupt", `The picture cannot be used: ${image_problem}.`);
    return;
  }
  if (content !== null && content < limits.content)
    yield mark("picture-blank", `${percent(content)} of the picture stand out from its ground.`, {
      value: content,
      limit: limits.content,
    });
  if (image_bytes !== null && image_bytes < limits.imageBytes)
    yield mark(
      "picture-small-file",
      `The picture file has ${image_bytes} bytes, fewer than ${limits.imageBytes}.`,
      {
        value: image_bytes,
        limit: limits.imageBytes,
      },
    );
  if (width === null || height === null) return;
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const least = long < limits.tinySide ? limits.tinySide : limits.lowSide;
  if (long < least)
    yield mark(
      long < limits.tinySide ? "picture-tiny" : "picture-low-resolution",
      `The picture has ${width} × ${height} pixels; its long side has fewer than ${least}.`,
      { value: long, limit: least },
    );
  if (long > limits.aspect * short)
    yield mark(
      "picture-extreme-aspect",
      `The picture has ${width} × ${height} pixels; its long side is more than ${limits.aspect} times the short one.`,
      { value: long / short, limit: limits.aspect },
    );
}

function* repeats(facts: Facts, limits: Limits): Generator<Mark> {
  const { same_file, copy, caption_agrees } = facts;
  const repeated = same_file ?? copy;
  if (repeated === null) return;
  const { figure_id: of } = repeated;
  if (same_file !== null)
    yield mark("exact-duplicate", `The picture is the file of ${of}, ${whereabouts(facts, same_file)}.`, {
      of,
    });
  else if (copy !== null)
    yield mark("near-duplicate", `The picture is a copy of that of ${of}, ${whereabouts(facts, copy)}.`, {
      value: copy.likeness,
      limit: limits.likeness,
      of,
    });
  if (!caption_agrees)
    yield mark("same-image-other-caption", `${of} has the same picture with another caption.`, { of });
}

function* text(facts: Facts, { limits, languages }: Wanted): Generator<Mark> {
  const { words, prose, commands, caption_characters, same_caption, language } = facts;
  if (caption_characters === 0) yield mark("caption-empty", "There is no caption.");
  else if (words === 0 && (prose ?? 0) >= limits.prose)
    yield mark("caption-label-only", "The caption says nothing beyond the figure's name or such.");
  else if (words < limits.captionWords)
    yield mark("caption-short", `Words of the caption's own: ${words}, fewer than ${limits.captionWords}.`, {
      value: words,
      limit: limits.captionWords,
    });
  if (caption_characters > limits.captionCharacters)
    yield mark(
      "caption-long",
      `The caption has ${caption_characters} characters, more than ${limits.captionCharacters}.`,
      { value: caption_characters, limit: limits.captionCharacters },
    );
  if (prose !== null && prose < limits.prose)
    yield mark(
      "caption-not-language",
      `${percent(prose)} of the caption's characters stand in words, less than ${percent(limits.prose)}.`,
      { value: prose, limit: limits.prose },
    );
  if (commands > limits.commands)
    yield mark("caption-latex", `TeX commands left over in the caption: ${commands}.`, {
      value: commands,
      limit: limits.commands,
    });
  if (same_caption !== null)
    yield mark(
      "duplicate-caption",
      `The caption is that of ${same_caption.figure_id}, ${whereabouts(facts, same_caption)}.`,
      { of: same_caption.figure_id },
    );
  if (language !== null && !languages.includes(language))
    yield mark("other-language", `The text is in "${language}", not in ${languages.join(" or ")}.`);
  if (facts.contexts === 0) yield mark("no-context", "No paragraph of the paper refers to it.");
}

const whereabouts = (facts: Facts, repeated: Repeated): string =>
  repeated.paper_id === facts.paper_id ? "in the same paper" : "in another paper";

/** `0.04 %` */
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
