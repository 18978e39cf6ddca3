import { Command } from "commander";
import { saying } from "../lab/summary.js";
import { endpointChecks } from "./doctor/endpoints.js";
import { libraryChecks } from "./doctor/libraries.js";
import { programChecks } from "./doctor/programs.js";
import type { Finding } from "./doctor/finding.js";
import { answer, JSON_OPTION } from "./options.js";

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Say what is there on this machine, and what each missing piece would add.")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Endpoints are read from FIGLOOM_ENDPOINTS (separated by commas), their key from FIGLOOM_API_KEY.
Exit code 1 when something is missing that figloom cannot do without.

Example:
  FIGLOOM_ENDPOINTS=http://gpu1:8000 figloom doctor`,
    )
    .action(async ({ json }: { json?: boolean }) => {
      const findings = (await Promise.all([programChecks(), libraryChecks(), endpointChecks()])).flat();
      if (!json) for (const finding of findings) console.log(findingText(finding));
      const missing = findings.filter(({ found }) => found === null);
      const required = missing.filter((finding) => finding.required).map(({ name }) => name);
      if (required.length > 0) process.exitCode = 1;
      const text =
        required.length > 0
          ? `Missing and needed: ${required.join(", ")}.`
          : missing.length > 0
            ? `Ready; without ${missing.map(({ name }) => name).join(", ")}.`
            : "Ready; everything is there.";
      answer(saying({ findings, ready: required.length === 0 }, text), { json });
    });
}

function findingText({ name, found, required, adds, get }: Finding): string {
  if (found !== null) return `  ok       ${name}: ${found}`;
  return `  ${required ? "MISSING " : "missing "} ${name}: ${adds} ${get}`;
}
