import { stat } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "../disk/files.js";
import { errorText } from "../errors.js";
import { CATALOGUE, catalogued, isHubId, isShortName } from "./catalogue.js";
import { identity, locate } from "./find.js";
import { pathsIn, typeOf } from "./folder.js";
import { kindOfModel, type ModelKind } from "./kinds.js";
import { commandFor } from "./missing.js";
import { modelFolders } from "./places.js";

/** How a model stands on this machine. */
export interface ListedModel {
  name: string;
  kind: ModelKind;
  /** What it is, for people; of those that are not in the catalogue its repository or folder. */
  about: string;
  state: "there" | "missing" | "broken";
  /** Where it stands; `null` where it does not. */
  folder: string | null;
  /** Its repository on the hub and the commit, or the folder's name and `local`. */
  id: string | null;
  revision: string | null;
  /** Size of the files that are read. */
  bytes: number | null;
  /** What is wrong with one that is broken. */
  problem: string | null;
  /** The command that gets it where it is not there. */
  command: string | null;
}

/** The models of the catalogue and those that stand in the folders of models, without reading their weights. */
export async function listModels(env: NodeJS.ProcessEnv = process.env): Promise<ListedModel[]> {
  const names = new Map<string, ModelKind | null>(CATALOGUE.map(({ name, kind }) => [name, kind]));
  for (const name of await namesThere(env)) if (!catalogued(name)) names.set(name, null);
  const listed: ListedModel[] = [];
  for (const [name, kind] of names) listed.push(await stateOf(name, kind, env));
  return listed;
}

async function stateOf(name: string, known: ModelKind | null, env: NodeJS.ProcessEnv): Promise<ListedModel> {
  const kind = known ?? (await kindAt(name, env)) ?? "clip";
  const about = catalogued(name)?.about ?? name;
  const absent = { name, kind, about, folder: null, id: null, revision: null, bytes: null };
  const command = commandFor(name);
  try {
    const place = await locate(name, kind, env);
    if (!place) return { ...absent, state: "missing", problem: null, command };
    const { folder, files, record } = place;
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return {
      ...{ name, kind, about, folder, ...identity(folder, record), bytes },
      ...{ state: "there", problem: null, command: null },
    };
  } catch (error) {
    return { ...absent, state: "broken", problem: errorText(error), command };
  }
}

/** The kind of a model that stands in a folder of models, whatever it lacks. */
async function kindAt(name: string, env: NodeJS.ProcessEnv): Promise<ModelKind | null> {
  for (const models of modelFolders(env)) {
    const folder = join(models, name);
    const kind = kindOfModel(await typeOf(folder).catch(() => null), await pathsIn(folder));
    if (kind !== null) return kind;
  }
  return null;
}

/** Names under which something stands in the folders of models. */
async function namesThere(env: NodeJS.ProcessEnv): Promise<Set<string>> {
  const names = new Set<string>();
  for (const models of modelFolders(env))
    for (const name of await namesIn(models)) {
      if (name.startsWith(".")) continue;
      const inside = await pathsIn(join(models, name));
      if (isShortName(name) && inside.length > 0) names.add(name);
      else
        for (const part of await namesIn(join(models, name)))
          if (isHubId(`${name}/${part}`)) names.add(`${name}/${part}`);
    }
  return names;
}
