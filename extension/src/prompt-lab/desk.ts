import {
  EVERYTHING,
  PROMPT_LAB_TARGET,
  SERVERS_TARGET,
  type Link,
  type PromptLabEvents,
  type PromptLabMethods,
  type ServersMethods,
} from "figloom/views";
import type { DrawContext } from "../common/context.js";

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
