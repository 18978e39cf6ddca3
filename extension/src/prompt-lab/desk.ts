import {
  EVERYTHING,
  PROMPT_LAB_TARGET,
  SERVERS_TARGET,
  type Link,
  type PromptLabEvents,
  type PromptLabMethods,
  type PromptText,
  type ServersMethods,
} from "figloom/views";
import type { DrawContext } from "../common/context.js";
import { isDirty, type LabState } from "./state.js";

/** What a prompt lab asks of one kernel. */
export interface LabDesk {
  context: DrawContext;
  link: Link<PromptLabMethods, PromptLabEvents>;
  servers: Link<ServersMethods>;
}

/** @param id keeps the trials of several panels apart */
export function labDesk(context: DrawContext, id: string): LabDesk {
  return {
    context,
    link: context.connect<PromptLabMethods, PromptLabEvents>(PROMPT_LAB_TARGET, { panel: id }),
    servers: context.connect<ServersMethods, object>(SERVERS_TARGET, {}),
  };
}

/** Figures with a picture that the selection of all views of a dataset leaves. */
export function selectedFigures({ context }: LabDesk, dataset: string, source: string): Promise<string[]> {
  const query = { ...EVERYTHING, where: "image_path IS NOT NULL" };
  return context.dataset(dataset).ask("ids", { query, source, from: 0, count: 10_000 });
}

/** A prompt that is tried; `file` is where it stands as it is, `null` while nowhere. */
export interface TriedPrompt extends PromptText {
  file: string | null;
}

/** Prompts of the next trial: what they are compared with first. */
export async function promptsToTry({ link }: LabDesk, state: LabState): Promise<TriedPrompt[]> {
  const { name, source, saved, others, withSaved } = state;
  const dirty = isDirty(state);
  const read = await Promise.all(others.map((other) => link.ask("read", { name: other })));
  return [
    ...(withSaved && dirty ? [{ name, source: saved, file: name }] : []),
    ...read.map((other) => ({ ...other, file: other.name })),
    { name, source, file: dirty ? null : name },
  ];
}
