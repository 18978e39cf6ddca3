/** What vLLM counts, as Prometheus text: the names and labels of `v1/metrics/loggers.py`. */
import type { Load } from "./engine.js";

export const FINISH_REASONS = ["stop", "length", "abort", "error", "repetition"] as const;

/** Upper bounds in seconds, and in tokens. */
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 640, 2560];
const STEP_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.5, 1];
const TOKENS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];

class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number, times = 1): void {
    const at = this.#bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.#counts[at]! += times;
    this.#sum += value * times;
    this.#count += times;
  }

  lines(name: string, labels: string): string[] {
    let below = 0;
    const buckets = this.#bounds.map((bound, at) => {
      below += this.#counts[at]!;
      return `${name}_bucket{${labels},le="${bound}"} ${below}`;
    });
    return [
      ...buckets,
      `${name}_bucket{${labels},le="+Inf"} ${this.#count}`,
      `${name}_sum{${labels}} ${this.#sum}`,
      `${name}_count{${labels}} ${this.#count}`,
    ];
  }
}

/** How a request fared, in seconds of real time as they would be without `speed`. */
export interface Finished {
  reason: (typeof FINISH_REASONS)[number];
  promptTokens: number;
  answerTokens: number;
  queued: number;
  prefill: number;
  decode: number;
  interToken: number;
}

export class Metrics {
  readonly #labels: string;
  readonly #success = new Map<string, number>(FINISH_REASONS.map((reason) => [reason, 0]));
  readonly #http = new Map<string, number>();
  readonly #histograms = {
    time_to_first_token_seconds: new Histogram(SECONDS),
    inter_token_latency_seconds: new Histogram(STEP_SECONDS),
    request_time_per_output_token_seconds: new Histogram(STEP_SECONDS),
    e2e_request_latency_seconds: new Histogram(SECONDS),
    request_queue_time_seconds: new Histogram(SECONDS),
    request_prefill_time_seconds: new Histogram(SECONDS),
    request_decode_time_seconds: new Histogram(SECONDS),
    request_inference_time_seconds: new Histogram(SECONDS),
    request_prompt_tokens: new Histogram(TOKENS),
    request_generation_tokens: new Histogram(TOKENS),
  };
  readonly #startedAt = Date.now() / 1000;
  #pictures = 0;
  #picturesKnown = 0;

  constructor(model: string) {
    const escaped = model.replace(/[\\"\n]/g, (letter) => (letter === "\n" ? "\\n" : `\\${letter}`));
    this.#labels = `engine="0",model_name="${escaped}"`;
  }

  finished({ reason, promptTokens, answerTokens, queued, prefill, decode, interToken }: Finished): void {
    this.#success.set(reason, (this.#success.get(reason) ?? 0) + 1);
    const to = this.#histograms;
    to.time_to_first_token_seconds.observe(queued + prefill);
    to.inter_token_latency_seconds.observe(interToken, Math.max(0, answerTokens - 1));
    to.request_time_per_output_token_seconds.observe(decode / Math.max(1, answerTokens));
    to.e2e_request_latency_seconds.observe(queued + prefill + decode);
    to.request_queue_time_seconds.observe(queued);
    to.request_prefill_time_seconds.observe(prefill);
    to.request_decode_time_seconds.observe(decode);
    to.request_inference_time_seconds.observe(prefill + decode);
    to.request_prompt_tokens.observe(promptTokens);
    to.request_generation_tokens.observe(answerTokens);
  }

  /** A request that left before it ended. */
  aborted(): void {
    this.#success.set("abort", (this.#success.get("abort") ?? 0) + 1);
  }

  picture(known: boolean): void {
    this.#pictures++;
    if (known) this.#picturesKnown++;
  }

  answered(handler: string, method: string, status: number): void {
    const key = `handler="${handler}",method="${method}",status="${Math.floor(status / 100)}xx"`;
    this.#http.set(key, (this.#http.get(key) ?? 0) + 1);
  }

  text(load: Load, kvCacheTokens: number): string {
    const labels = this.#labels;
    const gauge = (name: string, value: number, more = "") =>
      [`# TYPE vllm:${name} gauge`, `vllm:${name}{${labels}${more}} ${value}`] as const;
    const counter = (name: string, value: number, more = "") =>
      [`# TYPE vllm:${name}_total counter`, `vllm:${name}_total{${labels}${more}} ${value}`] as const;
    return [
      ...gauge("num_requests_running", load.running),
      ...gauge("num_requests_waiting", load.waiting),
      ...gauge("num_requests_waiting_by_reason", load.waiting, ',reason="capacity"'),
      `vllm:num_requests_waiting_by_reason{${labels},reason="deferred"} 0`,
      ...gauge("engine_sleep_state", 1, ',sleep_state="awake"'),
      ...gauge("kv_cache_usage_perc", load.cacheUsage),
      ...counter("num_preemptions", load.preemptions),
      ...counter("prompt_tokens", load.promptTokens),
      ...counter("prompt_tokens_by_source", load.promptTokens, ',source="local_compute"'),
      ...counter("prompt_tokens_cached", 0),
      ...counter("generation_tokens", load.generationTokens),
      ...counter("prefix_cache_queries", load.promptTokens),
      ...counter("prefix_cache_hits", 0),
      ...counter("mm_cache_queries", this.#pictures),
      ...counter("mm_cache_hits", this.#picturesKnown),
      ...counter("corrupted_requests", 0),
      "# TYPE vllm:request_success_total counter",
      ...[...this.#success].map(
        ([reason, count]) => `vllm:request_success_total{${labels},finished_reason="${reason}"} ${count}`,
      ),
      ...gauge("cache_config_info", 1, `,block_size="16",num_gpu_blocks="${Math.floor(kvCacheTokens / 16)}"`),
      ...Object.entries(this.#histograms).flatMap(([name, histogram]) => [
        `# TYPE vllm:${name} histogram`,
        ...histogram.lines(`vllm:${name}`, labels),
      ]),
      "# TYPE process_start_time_seconds gauge",
      `process_start_time_seconds ${this.#startedAt}`,
      "# TYPE http_requests_total counter",
      ...[...this.#http].map(([key, count]) => `http_requests_total{${key}} ${count}`),
      "",
    ].join("\n");
  }
}
