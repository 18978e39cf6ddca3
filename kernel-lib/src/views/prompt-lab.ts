/** What a kernel answers a prompt lab, on the comm target {@link PROMPT_LAB_TARGET}. */
import type { MatrixView } from "./matrix.js";

/** A page opens it with `{}`. */
export const PROMPT_LAB_TARGET = "figloom.prompt-lab.v1";

/** A prompt as it stands in an editor. */
export interface PromptText {
  /** The file's path relative to the kernel's folder, or a shipped prompt's name: its last part is the id where the text has none. */
  name: string;
  source: string;
}

export interface PromptListing {
  /** Path, or a shipped prompt's name. */
  name: string;
  shipped: boolean;
}

/** A name that may be written into a prompt. */
export interface Vocable {
  name: string;
  about: string;
}

export interface Vocabulary {
  /** Fields of the template. Of a list, `fields` may be printed inside of it. */
  fields: (Vocable & { fields: Vocable[] | null })[];
  /** Keys of the front matter. */
  settings: Vocable[];
  /** Keys below `sampling`. */
  sampling: Vocable[];
}

export interface CheckedPrompt {
  /** What is wrong first; `line` from 1, `null` where it concerns the whole. */
  problem: { line: number | null; message: string } | null;
  /** `null` where something is wrong. */
  id: string | null;
  hash: string | null;
}

/** Which figures are tried. */
export interface TrialPick {
  sample: number;
  seed: number;
  /** An SQL condition. */
  where: string | null;
  /** Only among these, 10,000 at most. */
  among: string[] | null;
}

export interface PickedFigure {
  figure_id: string;
  /** `Figure 3, On penguins`. */
  name: string;
}

/** What a model would be asked about a figure. */
export interface Preview {
  system: string;
  user: string;
  /** Of both, estimated. */
  tokens: number;
  /** Most tokens of the paper's words. */
  budget: number;
  /** Share of the paper's words about the figure that found room, 0..1. */
  kept: number;
  /** Most tokens of an answer. */
  answer: number;
}

/** Whom to ask and how. `null` is as usual: all servers, the model that they serve, the prompt's own temperature. */
export interface TrialWay {
  endpoint: string | null;
  model: string | null;
  temperature: number | null;
  repeats: number;
}

export interface TrialSetting {
  dataset: string;
  pick: TrialPick;
  way: TrialWay;
}

export interface PromptLabMethods {
  /** Datasets below the kernel's folder: relative paths. */
  datasets(argument: Record<string, never>): string[];
  /** Shipped prompts and those below the kernel's folder. */
  prompts(argument: Record<string, never>): PromptListing[];
  read(argument: { name: string }): PromptText;
  vocabulary(argument: Record<string, never>): Vocabulary;
  check(argument: PromptText): CheckedPrompt;
  /** The figures that would be tried, in their order. */
  figures(argument: { dataset: string; pick: TrialPick }): PickedFigure[];
  preview(argument: { dataset: string; figure_id: string; prompt: PromptText }): Preview;
  /** Starts a trial, and answers as soon as it is known what is asked: events say how it goes on. */
  run(argument: TrialSetting & { prompts: PromptText[] }): MatrixView;
  /** Ends a trial; what was answered is kept. */
  stop(argument: { trial: string }): null;
  /** The file that {@link keep} would write. */
  place(argument: PromptText): { file: string };
  /**
   * Writes a prompt under a name that is free, or that holds the same prompt.
   * @param argument `trial` names one whose record is to be written into it, where it was part of it
   */
  keep(argument: PromptText & { trial: string | null }): { file: string };
  /** The code that repeats a trial of these prompts, which are files or shipped. */
  cell(argument: TrialSetting & { prompts: string[] }): { code: string };
}

export interface PromptLabEvents {
  progress: { trial: string; done: number; total: number; failed: number; note: string | null };
  /** `problem` says why it ended early. */
  ended: { trial: string; problem: string | null };
}
