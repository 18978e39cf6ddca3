/** Models that are on this machine, or on a disk that was carried to it. */
import { constants } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ConfigurationError } from "../errors.js";
import { catalogued, isHubId, isShortName } from "./catalogue.js";
import { checkPython, exportInto, type ExportOptions } from "./export.js";
import { findModel, type ModelFolder } from "./find.js";
import { pathsIn, typeOf } from "./folder.js";
import { filesOf, kindOfModel, KINDS, missingFiles, sourceFilesOf, type ModelKind } from "./kinds.js";
import { unusableModel } from "./missing.js";
import { modelFolders } from "./places.js";
import { withStore } from "./store.js";

export interface AddOptions extends ExportOptions {
  /** What it is to be called. @default the folder's name */
  as?: string;
}

/**
 * Copies a model's folder to the models and checks it, so that it goes by a name; disks that can share the bytes do.
 * @throws {ConfigurationError} where it is not whole, of no use, or not what its record tells
 */
export async function addModel(source: string, options: AddOptions): Promise<ModelFolder> {
  const { folder, kind, paths, name } = await readSource(source, options.as);
  if (missingFiles(kind, paths).length > 0 && sourceFilesOf(paths).length > 0)
    throw new ConfigurationError(
      `${folder} has weights for PyTorch only. Make ONNX files of them: figloom models export ${source} --as ${name}`,
    );
  const { signal } = options;
  const found = await findModel(folder, kind, { signal });
  return keeping(name, kind, options, async (draft) => {
    for (const file of filesOf(kind, paths)) {
      options.onNews(`copying ${file}`);
      signal.throwIfAborted();
      await mkdir(dirname(join(draft, file)), { recursive: true });
      await copyFile(join(folder, file), join(draft, file), constants.COPYFILE_FICLONE);
    }
    return { id: found.id, revision: found.revision, source: folder };
  });
}

/**
 * Exports a folder of PyTorch weights, as transformers saves it, to the models.
 * @throws {ConfigurationError} where Python or the weights do not allow it
 */
export async function exportModel(source: string, options: AddOptions): Promise<ModelFolder> {
  const { folder, kind, paths, name } = await readSource(source, options.as);
  if (sourceFilesOf(paths).length === 0)
    throw new ConfigurationError(
      `${folder} has no weights of PyTorch (model.safetensors or pytorch_model.bin).`,
    );
  await checkPython(options);
  return keeping(name, kind, options, async (draft) => {
    const made = await exportInto(folder, draft, kind, { ...options, type: catalogued(name)?.type });
    return { id: basename(folder), revision: "local", source: folder, made };
  });
}

interface Source {
  /** Absolute. */
  folder: string;
  kind: ModelKind;
  paths: string[];
  /** What it is to be called. */
  name: string;
}

async function readSource(source: string, as: string | undefined): Promise<Source> {
  const folder = resolve(source);
  const name = as ?? basename(folder);
  if (!isShortName(name) && !isHubId(name))
    throw new ConfigurationError(
      `"${name}" is no name for a model: small letters, digits, "-", "_" and ".", or owner/name. Name it by --as.`,
    );
  const paths = await pathsIn(folder);
  if (paths.length === 0) throw new ConfigurationError(`There is no model in the folder ${folder}.`);
  const known = catalogued(name);
  const type = (await typeOf(folder)) ?? known?.type ?? null;
  const kind = kindOfModel(type, paths);
  if (kind === null) throw unusableModel(folder, type);
  if (known && known.kind !== kind)
    throw new ConfigurationError(
      `"${name}" is the name of ${KINDS[known.kind].called}; name this one otherwise by --as.`,
    );
  return { folder, kind, paths, name: known?.name ?? name };
}

async function keeping(
  name: string,
  kind: ModelKind,
  { signal }: AddOptions,
  fill: (draft: string) => Promise<{ id: string; revision: string; source: string; made?: string }>,
): Promise<ModelFolder> {
  const [models] = modelFolders();
  return withStore(models, `models add ${name}`, async (store) => {
    await store.checkPlace(name);
    const draft = await store.draft(name, "own");
    try {
      await store.keep(name, draft, { kind, ...(await fill(draft)) }, signal);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
    return findModel(name, kind, { signal });
  });
}
