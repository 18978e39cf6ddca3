/** A server's load out of its Prometheus metrics: https://prometheus.io/docs/instrumenting/exposition_formats/ */
import type { ServerLoad } from "./schedule/server-load.js";

/** Metrics of vLLM, in all the spellings that its versions use; sums over engines and models. */
const SUMS: Record<string, Exclude<keyof ServerLoad, "cacheUsage" | "startedAt">> = {
  "vllm:num_requests_running": "running",
  "vllm:num_requests_waiting": "waiting",
  "vllm:num_preemptions_total": "preemptions",
  "vllm:num_preemptions": "preemptions",
  "vllm:prompt_tokens_total": "promptTokens",
  "vllm:prompt_tokens": "promptTokens",
  "vllm:generation_tokens_total": "generationTokens",
  "vllm:generation_tokens": "generationTokens",
};
/** Share of the memory for contexts that is in use, 0..1; the fullest engine counts. */
const CACHE_USAGE = new Set(["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"]);

/** When the process behind the page started; several engines may stand behind one. */
const STARTED = "process_start_time_seconds";

const SAMPLE = /^([A-Za-z_:][\w:]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[ \t]+(\S+)/;

/**
 * Reads a page of metrics. Linear in its length.
 * @returns `null` where it says nothing of running requests: then it is not vLLM's
 */
export function readMetrics(page: string): ServerLoad | null {
  const load: ServerLoad = {
    running: 0,
    waiting: 0,
    cacheUsage: 0,
    preemptions: 0,
    promptTokens: 0,
    generationTokens: 0,
    startedAt: null,
  };
  const seen = new Set<string>();
  for (const line of lines(page)) {
    if (!line.startsWith("vllm:") && !line.startsWith(STARTED)) continue;
    const [, name, text] = SAMPLE.exec(line) ?? [];
    const value = Number(text);
    if (name === undefined || !Number.isFinite(value)) continue;
    const sum = SUMS[name];
    if (sum) load[sum] += value;
    else if (name === STARTED) load.startedAt = value;
    else if (CACHE_USAGE.has(name)) load.cacheUsage = Math.max(load.cacheUsage, value);
    else continue;
    seen.add(name);
  }
  return seen.has("vllm:num_requests_running") ? load : null;
}

function* lines(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    yield text.slice(start, end === -1 ? text.length : end);
    if (end === -1) return;
    start = end + 1;
  }
}
