/** Models by name: looked for on this machine, checked, never fetched on the side. */
import { homedir } from "node:os";
import { basename, isAbsolute, join, resolve } from "node:path";
import { ConfigurationError } from "../errors.js";
import { catalogued, isHubId, isShortName } from "./catalogue.js";
import { digestOfAll, digestsOf, type FileDigest } from "./digests.js";
import { checkType, pathsIn } from "./folder.js";
import { filesOf, KINDS, missingFiles, type ModelKind } from "./kinds.js";
import { changedModel, missingModel, unfinishedModel } from "./missing.js";
import { packagedModels, packageOf } from "./packages.js";
import { hubSnapshots, modelFolders, snapshotOf } from "./places.js";
import { readRecord, type ModelRecord } from "./record.js";

/** A model that is there, whole and of the right kind. */
export interface ModelFolder {
  /** What it goes by: a short name, a repository, or the folder's name. */
  name: string;
  kind: ModelKind;
  /** Absolute. */
  folder: string;
  /** Its repository on the hub where that is known, else the folder's name. */
  id: string;
  /** The repository's commit, the package's version, or `local`. */
  revision: string;
  /** Over the digests of all files that are read, in hex, see {@link digestOfAll}. */
  sha256: string;
}

/**
 * Finds a model on this machine: in the folders of `FIGLOOM_MODELS`, in figloom's own, and in the hub's cache.
 *
 * The first time, all its bytes are read for their digest (a second or two for a gigabyte); then only when a file's
 * size or time has changed.
 *
 * @param name a short name such as `clip-b32`, a repository on the hub (`owner/name`), or a folder's path
 * @throws {ConfigurationError} where there is none, it is not whole, of another kind, or not what was fetched; the
 *   message says what to do
 */
export async function findModel(
  name: string,
  kind: ModelKind,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ModelFolder> {
  const place = await locate(name, kind);
  if (!place) throw missingModel(catalogued(name)?.name ?? name, kind);
  const { folder, files, record } = place;
  const digests = await digestsOf(folder, files, { signal });
  const changed = record && changedFile(record, digests);
  if (changed != null) throw changedModel(join(folder, changed), name);
  return { name: place.name, kind, folder, ...identity(folder, record), sha256: digestOfAll(digests) };
}

/** A model's folder with the files that are read, before their bytes were looked at. */
export interface LocatedModel {
  name: string;
  folder: string;
  files: string[];
  record: ModelRecord | null;
}

/** As {@link findModel}, without reading the weights; `null` where nothing goes by that name. */
export async function locate(
  name: string,
  kind: ModelKind,
  env: NodeJS.ProcessEnv = process.env,
): Promise<LocatedModel | null> {
  const known = catalogued(name);
  if (known && known.kind !== kind)
    throw new ConfigurationError(
      `The model "${name}" is ${KINDS[known.kind].called}, not ${KINDS[kind].called}.`,
    );
  const called = known?.name ?? name;
  const places = await candidates(name, env);
  for (const { folder, ours } of places) {
    const paths = await pathsIn(folder);
    if (paths.length === 0) continue;
    const missing = missingFiles(kind, paths);
    // The hub's cache has what others needed: a part, or weights for PyTorch.
    if (missing.length > 0 && !ours) continue;
    if (paths.includes("config.json")) await checkType(folder, kind);
    if (missing.length > 0) throw unfinishedModel(called, kind, folder, missing);
    return {
      name: isPath(name) ? basename(folder) : called,
      folder,
      files: filesOf(kind, paths),
      record: await readRecord(folder),
    };
  }
  return null;
}

/** Where a model of that name may stand, in the order in which it is looked for. */
async function candidates(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<{ folder: string; ours: boolean }[]> {
  const ours = (folder: string) => ({ folder, ours: true });
  if (isPath(name)) return [ours(pathOf(name))];
  const known = catalogued(name);
  const names = known ? [known.name, known.id] : [name];
  const own = modelFolders(env).flatMap((models) => names.map((part) => ours(join(models, part))));
  if (known?.from === "package") return [...own, ...packagedModels(known.id).map(ours)];
  const id = known?.id ?? (isHubId(name) ? name : null);
  const cached = id === null ? [] : await hubSnapshots(id, env);
  return [...own, ...cached.map((folder) => ({ folder, ours: false }))];
}

/** The same name for somebody in another folder. */
export const nameAnywhere = (name: string): string => (isPath(name) ? pathOf(name) : name);

const pathOf = (name: string): string => resolve(name.replace(/^~(?=\/|$)/, homedir()));

/** Whether a folder is meant, and no name. */
const isPath = (name: string): boolean => isAbsolute(name) || !(isHubId(name) || isShortName(name));

/** The first file whose bytes are others than the record tells. */
export function changedFile(record: ModelRecord, digests: Record<string, FileDigest>): string | undefined {
  return Object.keys(digests).find((file) => {
    const told = Object.hasOwn(record.files, file) ? record.files[file] : undefined;
    return told !== undefined && told.sha256 !== digests[file]!.sha256;
  });
}

/** Repository and commit of a model, by its record or by where it stands. */
export function identity(folder: string, record: ModelRecord | null): { id: string; revision: string } {
  if (record) return { id: record.id, revision: record.revision };
  return snapshotOf(folder) ?? packageOf(folder) ?? { id: basename(folder), revision: "local" };
}
