import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "../errors.js";
import { catalogued, isHubId, isShortName } from "./catalogue.js";
import { digestOfAll, digestsOf } from "./digests.js";
import { changedFile, locate } from "./find.js";
import { KINDS, type ModelKind } from "./kinds.js";
import { missingModel } from "./missing.js";
import { modelFolders } from "./places.js";
import { readRecord } from "./record.js";
import { draftsOf, withStore } from "./store.js";

export interface CheckedModel {
  name: string;
  folder: string;
  sha256: string;
  bytes: number;
  /** Whether there was a record of what was fetched to compare with. */
  compared: boolean;
  /** The first file that is not what was fetched. */
  damaged: string | null;
}

/**
 * Reads all bytes of a model anew and compares them with its record.
 * @throws {ConfigurationError} where there is none, or it is not whole
 */
export async function checkModel(name: string, signal: AbortSignal): Promise<CheckedModel> {
  const kinds = Object.keys(KINDS) as ModelKind[];
  const known = catalogued(name)?.kind;
  let problem: unknown = missingModel(name, known ?? "clip");
  for (const kind of known ? [known] : kinds) {
    try {
      const place = await locate(name, kind);
      if (!place) continue;
      const { folder, files, record } = place;
      const digests = await digestsOf(folder, files, { signal, anew: true });
      return {
        name: place.name,
        folder,
        sha256: digestOfAll(digests),
        bytes: Object.values(digests).reduce((sum, { bytes }) => sum + bytes, 0),
        compared: record !== null,
        damaged: (record && changedFile(record, digests)) ?? null,
      };
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

/**
 * Removes a model that figloom has put there, or what an interrupted start has left of one; one that was put there by hand, or by others, is theirs to remove.
 * @returns its folder
 */
export async function removeModel(name: string): Promise<string> {
  const known = catalogued(name)?.name ?? name;
  if (!isShortName(known) && !isHubId(known)) throw new ConfigurationError(`"${name}" is no model's name.`);
  for (const models of modelFolders()) {
    const folder = join(models, known);
    const there = (await stat(folder).catch(() => null))?.isDirectory() ?? false;
    if (there && (await readRecord(folder)) === null)
      throw new ConfigurationError(
        `${folder} was put there by hand: figloom removes only what it has fetched. Remove the folder yourself.`,
      );
    if (!there && (await draftsOf(models, known)).length === 0) continue;
    await withStore(models, `models remove ${known}`, (store) => store.remove(known));
    return folder;
  }
  throw new ConfigurationError(`There is no model "${name}" in ${modelFolders().join(" or ")}.`);
}
