import type { PhaseReport, RunReport, Rates } from "./report.js";
import type { Way } from "./ways.js";

/** A report for people. What comes from papers, models and machines is code, so that it draws nothing. */
export function reportMarkdown(report: RunReport): string {
  const { title, status, message, run, dataset, figloom_version, created, ended } = report;
  return [
    `# ${plain(title)}`,
    `**${status}**: ${plain(message)}`,
    table(
      ["", ""],
      [
        ["run", code(run)],
        ["dataset", code(dataset)],
        ["figloom", code(figloom_version)],
        ["launched", created],
        ["ended", ended],
        ...spentRows(report),
      ],
    ),
    ...report.phases.map(phaseText),
    ...tasksText(report),
  ]
    .join("\n\n")
    .concat("\n");
}

function spentRows({ spent, budget }: RunReport): string[][] {
  const { prompt_tokens, completion_tokens, hours, gpuHours, cost } = spent;
  const of = (limit: number | undefined) => (limit === undefined ? "" : ` of ${limit.toLocaleString("en")}`);
  const tokens = prompt_tokens + completion_tokens;
  return [
    ["hours at work", `${hours.toFixed(2)}${of(budget.hours)}`],
    ...(tokens > 0
      ? [
          [
            "tokens",
            `${whole(tokens)}${of(budget.tokens)} (${whole(prompt_tokens)} asked, ${whole(completion_tokens)} answered)`,
          ],
        ]
      : []),
    ...(gpuHours > 0 ? [["GPU-hours", gpuHours.toFixed(2)]] : []),
    ...(cost === null ? [] : [["cost", `${cost.toFixed(2)}${of(budget.cost)} at the prices given`]]),
  ];
}

function phaseText(phase: PhaseReport): string {
  const { id, items, shards, seconds, startup, failures, ways, workers, programs } = phase;
  if (!items || !shards) return `## ${id}\n\nIt was not begun.`;
  const parts = [
    `## ${id}`,
    table(
      ["items", "done", "made before", "failed", "of these before", "not done"],
      [[items.planned, items.done, items.reused, items.failed, items.failedBefore, items.left].map(whole)],
    ),
    table(
      ["shards", "done", "given up", "not done", "attempts that died", "done by attempt"],
      [
        [
          ...[shards.planned, shards.done, shards.givenUp.length, shards.left, shards.deaths].map(whole),
          Object.entries(shards.byAttempts)
            .map(([attempt, count]) => `${whole(count)} by ${attempt}`)
            .join(", ") || "–",
        ],
      ],
    ),
    `At work for ${duration(seconds)}${ratesText(phase.rates)}.${startup > 0 ? ` Servers were up after ${duration(startup)}.` : ""}`,
  ];
  if (ways.length > 0) parts.push(`Made by:\n\n${ways.map(wayText).join("\n")}`);
  if (programs.length > 0) parts.push(`Servers: ${programs.map(code).join(", ")}.`);
  if (failures.length > 0)
    parts.push(
      table(
        ["failed", "why", "for example"],
        failures.map(({ reason, count, samples }) => [
          whole(count),
          code(reason),
          samples.map(({ item }) => code(item)).join(", "),
        ]),
      ),
    );
  if (shards.givenUp.length > 0)
    parts.push(
      `Given up:\n\n${shards.givenUp.map(({ shard, why, left }) => `- ${code(shard)}, ${whole(left)} items not done: ${plain(why)}`).join("\n")}`,
    );
  if (workers.length > 0)
    parts.push(
      table(
        ["worker", "host", "", "made", "at work", "per second"],
        [...workers]
          .sort((a, b) => b.made - a.made)
          .slice(0, MOST_WORKERS)
          .map(({ worker, host, status, made, seconds, perSecond }) => [
            ...[
              code(worker),
              code(host),
              status,
              whole(made),
              duration(seconds),
              perSecond === null ? "–" : String(perSecond),
            ],
          ]),
      ),
    );
  if (workers.length > MOST_WORKERS) parts.push(`And ${whole(workers.length - MOST_WORKERS)} more workers.`);
  return parts.join("\n\n");
}

const MOST_WORKERS = 100;

function wayText({ by, results, finish_reasons }: Way): string {
  const how = Object.entries(by).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${code(String(value))}`],
  );
  const ends = Object.entries(finish_reasons ?? {}).map(([reason, count]) => `${whole(count)} ${reason}`);
  return `- ${whole(results)}: ${how.join(", ")}${ends.length > 0 ? ` (${ends.join(", ")})` : ""}`;
}

function ratesText({ all, worker, each, unit, gpu }: Rates): string {
  const rates = [
    ...(all === null ? [] : [`${all} a second`]),
    ...(worker === null ? [] : [`${worker} each worker`]),
    ...(each === null || unit === "process" || unit === "gpu" ? [] : [`${each} each ${unit}`]),
    ...(gpu === null ? [] : [`${gpu} each GPU`]),
  ];
  return rates.length === 0 ? "" : `: ${rates.join(", ")}`;
}

function tasksText({ tasks }: RunReport): string[] {
  if (tasks.length === 0) return [];
  const lines = tasks.map(({ phase, task, starts }) => {
    const ends = starts.map(({ host, ended }, i) => `  - start ${i + 1} on ${code(host)}: ${plain(ended)}`);
    return [`- ${code(task)} of ${phase}`, ...ends].join("\n");
  });
  return ["## Tasks that were started again, or gave up", lines.join("\n")];
}

const whole = (n: number): string => n.toLocaleString("en");

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Text as code: no character in it means anything to Markdown, nor ends a table's cell. */
const code = (text: string): string => `\`${oneLine(text).replaceAll("`", "'").replaceAll("|", "¦")}\``;

/** Text in a sentence: escaped, see CommonMark on backslash escapes. */
const plain = (text: string): string => oneLine(text).replace(/[\\`*_[\]<>|#~]/g, "\\$&");

const oneLine = (text: string): string => text.replace(/[\s\u0000-\u001f\u007f]+/g, " ").slice(0, 2000);
