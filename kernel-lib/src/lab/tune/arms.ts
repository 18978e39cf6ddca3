import type { Captioner } from "../../captions/captioner.js";
import type { Prompt, Sampling } from "../../captions/prompts/prompt.js";
import type { VisionModel } from "../../captions/vision-model.js";
import { ConfigurationError } from "../../errors.js";

/** One side of a trial: a prompt asked of a model. */
export interface Arm {
  /** The prompt's id, with what tells it from the others where that is not enough. */
  name: string;
  prompt: Prompt;
  /** The model's name. */
  model: string | null;
  /** One for each repetition. */
  captioners: readonly Captioner[];
}

export interface ArmOptions {
  repeats: number;
  sampling: Partial<Sampling>;
  folder: string;
  signal: AbortSignal;
}

/**
 * Makes models and captioners ready, and gives each prompt of each model a name.
 * @throws {ConfigurationError} for a prompt that is there twice, and for what the servers have against it
 */
export async function readyArms(
  prompts: readonly Prompt[],
  models: readonly VisionModel[],
  { repeats, sampling, folder, signal }: ArmOptions,
): Promise<Arm[]> {
  for (const model of models) await model.ready({ signal, folder });
  const arms = prompts.flatMap((prompt) =>
    models.map((model) => ({
      prompt,
      model: model.name,
      captioners: Array.from({ length: repeats }, (_, repeat) =>
        model.captioner(prompt, { sampling, repeat, urgent: true }),
      ),
    })),
  );
  for (const { captioners } of arms)
    for (const captioner of captioners) await captioner.ready?.({ signal, folder });
  return named(arms);
}

function named(arms: readonly Omit<Arm, "name">[]): Arm[] {
  const several = new Set(arms.map(({ model }) => model)).size > 1;
  const names = arms.map(({ prompt, model }) => (several ? `${prompt.id}@${model}` : prompt.id));
  const told = arms.map((arm, i) => {
    const alone = names.indexOf(names[i]!) === names.lastIndexOf(names[i]!);
    return { name: alone ? names[i]! : `${names[i]} ${arm.prompt.hash.slice(0, 6)}`, ...arm };
  });
  for (const [i, { name, prompt }] of told.entries())
    if (told.findIndex((other) => other.name === name) !== i)
      throw new ConfigurationError(
        `The prompt "${prompt.id}" is there twice, with the same words and settings: name each prompt and each model once.`,
      );
  return told;
}

/**
 * Finds a side of a trial by its name, by a prompt, or by a prompt's id.
 * @throws {ConfigurationError} where none is meant, or more than one
 */
export function armOf(arms: readonly Arm[], which: string | Prompt): Arm {
  const meant = arms.filter((arm) =>
    typeof which === "string"
      ? arm.name === which
      : arm.prompt.hash === which.hash && arm.prompt.id === which.id,
  );
  const found =
    meant.length > 0 || typeof which !== "string" ? meant : arms.filter((arm) => arm.prompt.id === which);
  if (found.length === 1) return found[0]!;
  const names = arms.map(({ name }) => `"${name}"`).join(", ");
  const said = typeof which === "string" ? which : which.id;
  throw new ConfigurationError(
    found.length === 0
      ? `The prompt "${said}" is not part of this trial; there are: ${names}.`
      : `"${said}" may be any of several in this trial; name one of: ${names}.`,
  );
}
