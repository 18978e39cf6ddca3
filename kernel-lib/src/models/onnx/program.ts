/** The process that computes with a model, see process.ts: loads one and answers questions about it. */
import { loadPpocr } from "../../ocr/ppocr/load.js";
import { answerParent, inOneLine } from "../../processes/helper.js";
import { loadClip } from "./clip.js";
import { loadMaskedLm } from "./masked-lm.js";
import type { Computed, FromProgram, Loaded, LoadOrder, Talk, ToProgram } from "./messages.js";

/** How a model of each kind is loaded. */
const LOADERS: { [K in Computed]: (order: LoadOrder<K>) => Promise<Loaded<K>> } = {
  clip: loadClip,
  "masked-lm": loadMaskedLm,
  ppocr: loadPpocr,
};

let loaded: Promise<Loaded<Computed>> | undefined;

async function obey(message: ToProgram): Promise<Talk[Computed]["about"] | Talk[Computed]["reply"]> {
  if ("load" in message) {
    loaded = LOADERS[message.load.kind](message.load as never) as Promise<Loaded<Computed>>;
    return (await loaded).about;
  }
  if (!loaded) throw new Error("no model was loaded");
  return (await loaded).answer(message.ask);
}

answerParent<ToProgram, FromProgram>((message) => {
  const { id } = message;
  return obey(message).then(
    (answer) => ({ id, answer }),
    (error: unknown) => ({ id, error: inOneLine(error) }),
  );
});
