/** Which GPUs this process may use, and how servers share them. */
import { spawnSync } from "node:child_process";
import { ConfigurationError } from "figloom/errors";

/** What CUDA_VISIBLE_DEVICES may hold: an index, a GPU's UUID, or the id of a MIG instance. */
const DEVICE = /^(\d{1,3}|(GPU|MIG)-[A-Za-z0-9/-]{1,100})$/;

/**
 * The GPUs that are ours: those of CUDA_VISIBLE_DEVICES, which a scheduler sets; without it all that `nvidia-smi`
 * lists; where there is no such program, as many as are given, so that imitations need none.
 * @param env.CUDA_VISIBLE_DEVICES as CUDA reads it: what follows an entry that is no device is not visible
 * @param given at most so many; `null` for all
 */
export function visibleGpus(
  env: Record<string, string | undefined>,
  given: number | null,
  list: () => string[] | null = askNvidia,
): string[] {
  const named = env.CUDA_VISIBLE_DEVICES;
  if (named !== undefined) {
    const entries = named.split(",").map((entry) => entry.trim());
    const wrong = entries.findIndex((entry) => !DEVICE.test(entry));
    return firstOf(wrong === -1 ? entries : entries.slice(0, wrong), given);
  }
  return firstOf(list() ?? numbered(given ?? 0), given);
}

const firstOf = (gpus: string[], most: number | null): string[] =>
  [...new Set(gpus)].slice(0, most ?? Infinity);
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

/** The listing of `nvidia-smi -L`, as CUDA names devices; `null` where there is no such program, or no driver. */
function askNvidia(): string[] | null {
  const { status, stdout } = spawnSync("nvidia-smi", ["-L"], { encoding: "utf8", timeout: 60_000 });
  return status === 0 ? listed(stdout) : null;
}

/** A GPU that is cut into MIG instances cannot be used whole: its instances stand for it. */
export function listed(text: string): string[] {
  const gpus: { index: string; instances: string[] }[] = [];
  for (const line of text.split("\n")) {
    const index = /^GPU (\d+):/.exec(line)?.[1];
    const instance = /^\s+MIG .*\(UUID: (MIG-[^)]+)\)/.exec(line)?.[1];
    if (index !== undefined) gpus.push({ index, instances: [] });
    else if (instance !== undefined) gpus.at(-1)?.instances.push(instance);
  }
  return gpus.flatMap(({ index, instances }) => (instances.length > 0 ? instances : [index]));
}

/**
 * The GPUs of each server; those that are too few for one more are left over.
 * @throws {ConfigurationError} where there are not enough for a single one
 */
export function shareGpus(gpus: readonly string[], each: number, host: string): string[][] {
  if (!Number.isInteger(each) || each < 1)
    throw new ConfigurationError(`gpusEach is ${each}: give a whole number from 1.`);
  if (gpus.length === 0)
    throw new ConfigurationError(
      `No GPU is visible on ${host}: ask the scheduler for GPUs, or start workers where there are some ` +
        `(CUDA_VISIBLE_DEVICES and nvidia-smi name none).`,
    );
  if (gpus.length < each)
    throw new ConfigurationError(
      `A server is to have ${each} GPUs, but ${host} has only ${gpus.length} for us: ask for more GPUs a node, or ` +
        `give each server fewer.`,
    );
  const servers = Math.floor(gpus.length / each);
  return Array.from({ length: servers }, (_, at) => gpus.slice(at * each, (at + 1) * each));
}
