/**
 * Where models stand: `<models folder>/<short name>` or `<models folder>/<owner>/<name>`, and, to be read only, the
 * cache that Python's tools share (https://huggingface.co/docs/huggingface_hub/guides/manage-cache):
 * `models--<owner>--<name>/{refs/<branch>,snapshots/<commit>/…}`.
 */
import { readFile } from "node:fs/promises";
import { homedir, platform } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { namesIn } from "../disk/files.js";

/** The folders that models are looked for in; new ones go to the first. */
export function modelFolders(env: NodeJS.ProcessEnv = process.env): [string, ...string[]] {
  const named = (env["FIGLOOM_MODELS"] ?? "").split(delimiter).filter((path) => path !== "");
  const [first = defaultFolder(env), ...others] = [...named.map((path) => resolve(path)), defaultFolder(env)];
  return [first, ...others];
}

function defaultFolder(env: NodeJS.ProcessEnv): string {
  return join(dataFolder(env), "figloom", "models");
}

function dataFolder(env: NodeJS.ProcessEnv): string {
  if (env["XDG_DATA_HOME"]) return env["XDG_DATA_HOME"];
  if (platform() === "win32") return env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local");
  return platform() === "darwin"
    ? join(homedir(), "Library", "Application Support")
    : join(homedir(), ".local", "share");
}

function hubCache(env: NodeJS.ProcessEnv): string {
  const cache = env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return env["HF_HUB_CACHE"] || join(env["HF_HOME"] || join(cache, "huggingface"), "hub");
}

/** The states of a repository that the hub's cache has, the one that its branch `main` stood at first. */
export async function hubSnapshots(id: string, env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const repository = join(hubCache(env), `models--${id.replace("/", "--")}`);
  const main = (await readFile(join(repository, "refs", "main"), "utf8").catch(() => "")).trim();
  const commits = (await namesIn(join(repository, "snapshots"))).filter(isCommit);
  return commits
    .sort((a, b) => Number(b === main) - Number(a === main))
    .map((commit) => join(repository, "snapshots", commit));
}

/** Which repository and commit a folder of the hub's cache is; `null` for any other folder. */
export function snapshotOf(folder: string): { id: string; revision: string } | null {
  const revision = basename(folder);
  const [, owner, name] =
    /^models--([^-].*?)--(.+)$/.exec(basename(dirname(dirname(folder)))) ?? ([] as undefined[]);
  if (!isCommit(revision) || owner === undefined || name === undefined) return null;
  return { id: `${owner}/${name}`, revision };
}

export const isCommit = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);
