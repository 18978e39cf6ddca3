import type { Emit } from "../../kernel/answer.js";
import type { OpenTrial } from "../../lab/tune/open-trials.js";
import type { Place } from "../../lab/tune/table.js";
import type { TrialEvents } from "../../views/trial-service.js";

/** Changes are collected so long, in milliseconds. */
const INTERVAL_MS = 100;

/** Sends a page what changes in a trial, until it ends. @returns ends it before */
export function followTrial(trial: OpenTrial, emit: Emit<TrialEvents>): () => void {
  const changed = new Map<string, Place>();
  let timer: NodeJS.Timeout | undefined;
  const send = (running: boolean) => {
    clearTimeout(timer);
    timer = undefined;
    const changes = [...changed.values()].map(({ figure, arm, repeat }) => ({
      ...{ figure, column: arm, repeat },
      reply: trial.reply({ figure, arm, repeat }),
    }));
    changed.clear();
    emit("replies", { trial: trial.id, running, changes });
  };
  const silence = trial.onChange((place) => {
    if (place === null) return send(false);
    changed.set(`${place.figure} ${place.arm} ${place.repeat}`, place);
    timer ??= setTimeout(() => send(true), INTERVAL_MS);
  });
  const leave = trial.follow();
  return () => {
    clearTimeout(timer);
    silence();
    leave();
  };
}
