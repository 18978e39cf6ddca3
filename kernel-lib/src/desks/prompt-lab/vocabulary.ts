import type { z } from "zod";
import { FIELDS, LISTS } from "../../captions/prompts/fields.js";
import { SAMPLING, SETTINGS } from "../../captions/prompts/front-matter.js";
import type { Vocabulary } from "../../views/prompt-lab.js";

/** All names that may be written into a prompt, each with what it stands for. */
export function vocabulary(): Vocabulary {
  const keys = (shape: Record<string, z.ZodType>) =>
    Object.entries(shape).map(([name, type]) => ({ name, about: type.description ?? "" }));
  const fields = (all: Record<string, { about: string }>) =>
    Object.entries(all).map(([name, { about }]) => ({ name, about }));
  return {
    fields: [
      { name: "image", about: "the picture: on a line of its own", fields: null },
      ...fields(FIELDS).map((field) => ({ ...field, fields: null })),
      ...Object.entries(LISTS).map(([name, inside]) => ({
        name,
        about: `a list: {{#${name}}} … {{/${name}}}`,
        fields: fields(inside),
      })),
    ],
    settings: keys(SETTINGS.shape).filter(({ name }) => name !== "trial"),
    sampling: keys(SAMPLING.shape),
  };
}
