import { isAbsolute, join, parse, relative, resolve } from "node:path";
import { within, writeWhole } from "../../disk/files.js";
import { ConfigurationError } from "../../errors.js";
import { answerOn, type Desk, type Emit } from "../../kernel/answer.js";
import { placeFor } from "../../lab/tune/keep.js";
import { trialOf } from "../../lab/tune/open-trials.js";
import {
  PROMPT_LAB_TARGET,
  type PromptLabEvents,
  type PromptLabMethods,
  type PromptText,
} from "../../views/prompt-lab.js";
import { checked } from "../../service/arguments.js";
import { CELL, FIGURES, KEEP, NAMED, PREVIEW, PROMPT, RUN, TRIAL } from "./arguments.js";
import { cellCode } from "./cell.js";
import { checkPrompt } from "./check.js";
import { pickedFigures, previewOf } from "./figures.js";
import { LabRuns } from "./runs.js";
import { vocabulary } from "./vocabulary.js";
import { datasetsBelow, promptOf, promptsBelow, promptText } from "./workspace.js";

/** Answers prompt labs, see `views/prompt-lab.ts`. @returns ends it */
export function answerPromptLabs(): () => void {
  return answerOn<PromptLabMethods, PromptLabEvents>(PROMPT_LAB_TARGET, (_about, emit) =>
    promptLabDesk(process.cwd(), emit),
  );
}

/** @param home the kernel's folder: names of prompts and datasets are relative to it */
export function promptLabDesk(home: string, emit: Emit<PromptLabEvents>): Desk<PromptLabMethods> {
  const runs = new LabRuns(home, emit);
  const near = (file: string) => {
    const path = relative(home, file);
    return path.startsWith("..") || isAbsolute(path) ? file : path;
  };
  return {
    handlers: {
      datasets: () => datasetsBelow(home),
      prompts: () => promptsBelow(home),
      read: (argument) => promptText(home, checked(NAMED, argument).name),
      vocabulary,
      check: (argument) => checkPrompt(home, checked(PROMPT, argument)),
      figures(argument, { signal }) {
        const { dataset, pick } = checked(FIGURES, argument);
        return pickedFigures(resolve(home, dataset), pick, signal);
      },
      preview(argument, { signal }) {
        const { dataset, ...rest } = checked(PREVIEW, argument);
        return previewOf(home, { ...rest, dataset: resolve(home, dataset) }, signal);
      },
      run(argument, { signal }) {
        const { dataset, ...rest } = checked(RUN, argument);
        return runs.start({ ...rest, dataset: resolve(home, dataset) }, signal);
      },
      stop(argument) {
        runs.stop(checked(TRIAL, argument).trial);
        return null;
      },
      async place(argument) {
        const prompt = promptOf(home, checked(PROMPT, argument));
        return { file: near(await placeFor(prompt, placing(home, argument))) };
      },
      async keep(argument) {
        const { trial, ...text } = checked(KEEP, argument);
        const prompt = promptOf(home, text);
        const open = trial === null ? undefined : trialOf(trial);
        const column = open?.view().columns.find(({ prompt_hash }) => prompt_hash === prompt.hash);
        const options = placing(home, text);
        if (open && column) return { file: near((await open.keep(column.name, options)).file) };
        const file = await placeFor(prompt, options);
        await writeWhole(file, text.source);
        return { file: near(file) };
      },
      cell: (argument) => ({ code: cellCode(checked(CELL, argument)) }),
    },
    close: () => runs.close(),
  };
}

/**
 * A version stands beside the file that it was made from, under that one's name without its number.
 * @throws {ConfigurationError} where that is not below the kernel's folder
 */
function placing(home: string, { name }: Pick<PromptText, "name">) {
  const { dir, name: base } = parse(name.endsWith(".md") ? name : join("prompts", `${name}.md`));
  const as = within(home, join(dir, `${base.replace(/-\d+$/, "")}.md`));
  if (as === null)
    throw new ConfigurationError(`${name} lies outside of the kernel's folder: nothing is written there.`);
  return { as, newVersion: true };
}
