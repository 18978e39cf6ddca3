import type { TrialSetting } from "../../views/prompt-lab.js";
import { sampleOf } from "./figures.js";

/** The code of a cell that repeats a trial: what was answered is not asked again. */
export function cellCode({
  dataset,
  pick,
  way,
  prompts,
}: TrialSetting & { prompts: readonly string[] }): string {
  const { endpoint, model, temperature, repeats } = way;
  const server = { ...(endpoint !== null && { endpoints: endpoint }), ...(model !== null && { model }) };
  const named = Object.keys(server).length > 0;
  const options = [
    ...Object.entries(sampleOf(pick)).map(([name, value]) => `${name}: ${written(value)}`),
    ...(repeats > 1 ? [`repeats: ${repeats}`] : []),
    ...(temperature !== null ? [`temperature: ${temperature}`] : []),
    ...(named ? [`on: vllm(${written(server)})`] : []),
  ];
  return [
    `import { openLab${named ? ", vllm" : ""} } from "figloom";`,
    "",
    `const lab = await openLab(${written(dataset)});`,
    `const trial = await lab.tune(${written(prompts)}, { ${options.join(", ")} });`,
  ].join("\n");
}

/** A value as a program has it; names of fields without quotation marks. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${name}: ${written(one)}`)
      .join(", ")} }`;
  return JSON.stringify(value);
}
