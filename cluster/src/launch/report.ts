import type { ClusterReport } from "figloom";
import { EventsFile, foldRuns, type RunState } from "figloom/stages";
import { readJson, readShort } from "../run/files.js";
import { look, type Look } from "./look.js";
import type { Launched } from "./read.js";

/** The run's report; before there is one, what can be said by now. */
export async function reportOf(launched: Launched): Promise<ClusterReport> {
  const { folder } = launched;
  const [markdown, json] = await Promise.all([
    readShort(folder.report("md")),
    readJson(folder.report("json")),
  ]);
  if (markdown !== null) return { final: true, markdown, json };
  const [standing, state] = await Promise.all([look(launched), eventsOf(launched)]);
  return { final: false, ...interim(launched, standing, state) };
}

const eventsOf = async ({ dataset, plan }: Launched): Promise<RunState | null> =>
  foldRuns((await new EventsFile(dataset, plan.run).next()) ?? []);

function interim(
  { plan }: Launched,
  { state, said, phases }: Look,
  events: RunState | null,
): Pick<ClusterReport, "markdown" | "json"> {
  const parts = events?.parts ?? [];
  const lines = [
    `# ${plan.title}`,
    "",
    `${plan.run} has not ended: ${state}. ${said}`,
    "",
    "| phase | shards | done | in the dataset |",
    "| --- | ---: | ---: | ---: |",
    ...phases.map(
      ({ id, shards, done, collected }) => `| ${id} | ${shards ?? "–"} | ${done} | ${collected} |`,
    ),
    "",
    ...parts.map(({ stage, done, failed, failedBefore, reused, seconds }) => {
      const made = done + failed - failedBefore;
      const rate = seconds > 0 ? `, ${(made / seconds).toPrecision(3)} a second` : "";
      return `- ${stage}: ${done} made, ${reused} made before, ${failed} failed${rate}`;
    }),
    ...(events?.failures ?? []).map(({ reason, count }) => `- ${count} failed: ${reason}`),
  ];
  return { markdown: `${lines.join("\n")}\n`, json: { run: plan.run, state, said, phases, parts } };
}
