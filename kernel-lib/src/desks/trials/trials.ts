import { relative } from "node:path";
import { z } from "zod";
import { Dataset } from "../../dataset/store.js";
import { noteVerdict, verdictsOn } from "../../dataset/verdicts.js";
import { ConfigurationError } from "../../errors.js";
import { answerOn, type Desk, type Emit } from "../../kernel/answer.js";
import { trialOf, type OpenTrial } from "../../lab/tune/open-trials.js";
import { TRIALS_TARGET, type TrialEvents, type TrialMethods } from "../../views/trial-service.js";
import { checked, folder } from "../../service/arguments.js";
import { followTrial } from "./follow.js";

const ID = z.string().min(1).max(1000);
const HASH = z.string().regex(/^[0-9a-f]{16}$/);
const JUDGED = z.object({
  figure_id: ID,
  prompt_hash: HASH,
  model: ID.nullable(),
  verdict: z.enum(["kept", "rejected"]).nullable(),
});
const ABOUT = z.object({ dataset: folder });

/** Answers pages that ask about trials, see `views/trial-service.ts`. @returns ends it */
export function answerAboutTrials(): () => void {
  const pages = new Set<{ folder: string; emit: Emit<TrialEvents> }>();
  return answerOn<TrialMethods, TrialEvents>(TRIALS_TARGET, async (about, emit) => {
    const { folder } = await Dataset.open(checked(ABOUT, about).dataset);
    const page = { folder, emit };
    pages.add(page);
    const desk = trialDesk(folder, emit, (event, said) => {
      for (const other of pages) if (other.folder === folder) other.emit(event, said);
    });
    return {
      ...desk,
      close() {
        pages.delete(page);
        desk.close?.();
      },
    };
  });
}

/** @param tell sends to every page of the dataset */
export function trialDesk(
  folder: string,
  emit: Emit<TrialEvents>,
  tell: Emit<TrialEvents> = emit,
): Desk<TrialMethods> {
  const followed = new Map<string, () => void>();
  return {
    handlers: {
      follow(argument) {
        const trial = known(checked(z.object({ trial: ID }), argument).trial);
        followed.get(trial.id)?.();
        followed.set(trial.id, followTrial(trial, emit));
        return trial.view();
      },
      async judge(argument) {
        const judged = checked(JUDGED, argument);
        await noteVerdict(folder, judged);
        tell("judged", judged);
        return judged;
      },
      verdicts(argument) {
        const { prompt_hashes } = checked(z.object({ prompt_hashes: z.array(HASH).max(1000) }), argument);
        return verdictsOn(folder, new Set(prompt_hashes));
      },
      async keep(argument) {
        const { trial, column } = checked(z.object({ trial: ID, column: ID }), argument);
        const { file } = await known(trial).keep(column, { newVersion: true });
        const near = relative(".", file);
        return { file: near.startsWith("..") ? file : near };
      },
    },
    close() {
      for (const end of followed.values()) end();
    },
  };

  function known(id: string): OpenTrial {
    const trial = trialOf(id);
    if (trial?.folder === folder) return trial;
    throw new ConfigurationError(
      "This kernel does not know the trial any more: run its cell again. What was answered is not asked again.",
    );
  }
}
