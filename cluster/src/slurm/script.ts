import { readFileSync } from "node:fs";
import Mustache from "mustache";
import { ConfigurationError, errorText } from "figloom/errors";
import type { Resources } from "../engine.js";
import { templatePath } from "../templates.js";
import { NAME, type CheckedOptions } from "./options.js";

/**
 * The job script, out of the package's template or the site's.
 * @throws {ConfigurationError} when the site's cannot be read or filled in
 */
export function jobScript(options: CheckedOptions, resources: Resources = {}): string {
  const path = options.template ?? templatePath("slurm.sh");
  const minutes = resources.minutes ?? options.time;
  const partition = resources.partition ?? options.partition;
  if (partition !== undefined && !NAME.test(partition))
    throw new ConfigurationError(
      `The partition ${JSON.stringify(partition)} cannot be one; give a name as the site has it.`,
    );
  const view = {
    partition,
    account: options.account,
    qos: options.qos,
    constraint: options.constraint,
    cpus: resources.cpus,
    gres: resources.gpus ? ["gpu", options.gpuType, resources.gpus].filter(Boolean).join(":") : undefined,
    memory: resources.memory === undefined ? undefined : Math.ceil(resources.memory),
    time: minutes === undefined ? undefined : Math.ceil(minutes),
    notice: resources.noticeSeconds === undefined ? undefined : Math.ceil(resources.noticeSeconds),
    lines: options.lines ?? [],
  };
  try {
    return Mustache.render(readFileSync(path, "utf8"), view, {}, { escape: String });
  } catch (cause) {
    throw new ConfigurationError(`The template ${path} cannot be used: ${errorText(cause)}.`, { cause });
  }
}
