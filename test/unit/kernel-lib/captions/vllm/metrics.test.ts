import { describe, expect, test } from "vitest";
import { readMetrics } from "../../../../../kernel-lib/src/captions/vllm/metrics.js";

const PAGE = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="a"} 12.0
vllm:num_requests_running{engine="1",model_name="with \\"quotes\\" } 99"} 3.0
vllm:num_requests_waiting{engine="0",model_name="a"} 5.0
vllm:num_requests_waiting_by_reason{engine="0",reason="capacity"} 4.0
vllm:kv_cache_usage_perc{engine="0"} 0.25
vllm:kv_cache_usage_perc{engine="1"} 0.75 1700000000000
vllm:num_preemptions_total{engine="0"} 2.0
vllm:num_preemptions_created{engine="0"} 1.7e+09
vllm:prompt_tokens_total{engine="0"} 1.5e+06
vllm:prompt_tokens_total{engine="1"} NaN
vllm:generation_tokens_total{engine="0"} +Inf
vllm:generation_tokens_total{engine="1"} 17
process_start_time_seconds 1.7000000005e+09
python_gc_objects_collected_total{generation="0"} 7
`;

describe("a server's metrics", () => {
  test("are added up over engines, the fullest cache counts, what is no number does not", () => {
    expect(readMetrics(PAGE)).toEqual({
      running: 15,
      waiting: 5,
      cacheUsage: 0.75,
      preemptions: 2,
      promptTokens: 1_500_000,
      generationTokens: 17,
      startedAt: 1_700_000_000.5,
    });
  });

  test("of older versions have other names", () => {
    const old = "vllm:num_requests_running 1\r\nvllm:gpu_cache_usage_perc 0.5\r\nvllm:generation_tokens 9";
    expect(readMetrics(old)).toMatchObject({
      running: 1,
      cacheUsage: 0.5,
      generationTokens: 9,
      startedAt: null,
    });
  });

  test.each([
    "",
    "<html>",
    "http_requests_total 5",
    "vllm:num_requests_running",
    "vllm:num_requests_running x",
  ])("are none in %j", (page) => expect(readMetrics(page)).toBeNull());

  test("take time that grows with their length only, whatever they hold", () => {
    const labels = `vllm:num_requests_running{${'a="'.repeat(300_000)}`;
    const quotes = `vllm:num_requests_running{${'"'.repeat(1_000_000)}`;
    const backslashes = `vllm:num_requests_running{"${"\\".repeat(1_000_000)}`;
    for (const page of [labels, quotes, backslashes, "vllm:\n".repeat(500_000)])
      expect(readMetrics(page)).toBeNull();
  });
});
