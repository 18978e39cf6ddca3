import { Command } from "commander";
import { examine } from "../doctor/doctor.js";
import type { Finding } from "../doctor/finding.js";
import { saying } from "../lab/summary.js";
import { printable } from "../text/printable.js";
import { answer, JSON_OPTION } from "./options.js";

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Say what is installed on this machine, and what each missing piece would add.")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Endpoints are read from FIGLOOM_ENDPOINTS (separated by commas), their key from FIGLOOM_API_KEY.
Exit code 1 when something is missing that figloom cannot work without.

Example:
  FIGLOOM_ENDPOINTS=http://gpu1:8000 figloom doctor`,
    )
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine();
      const width = Math.max(...findings.map(({ name }) => name.length));
      if (!json) for (const finding of findings) console.log(findingText(finding, width));
      const named = (state: Finding["state"]) =>
        findings.filter((finding) => finding.state === state).map(({ name }) => name);
      const [broken, missing] = [named("broken"), named("missing")];
      if (broken.length > 0) process.exitCode = 1;
      answer(saying({ findings, ready: broken.length === 0 }, verdict(broken, missing)), { json });
    });
}

function verdict(broken: string[], missing: string[]): string {
  if (broken.length > 0) return `Not ready: ${broken.join(", ")} must be mended.`;
  return missing.length > 0 ? `Ready, without ${missing.join(", ")}.` : "Ready; everything is there.";
}

/** A line for what is there, three for what is not. An endpoint's own words may hold anything. */
function findingText({ name, state, detail, adds, remedy }: Finding, width: number): string {
  const indent = `\n${" ".repeat("missing  ".length)}`;
  const more = state === "found" ? [] : [`it ${adds}`, ...(remedy === null ? [] : [`get it: ${remedy}`])];
  const lines = [`${state.padEnd("missing".length)}  ${name.padEnd(width)}  ${detail}`, ...more];
  return lines.map(printable).join(indent);
}
