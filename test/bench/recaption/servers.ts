import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capacity } from "../../../cluster/src/mock-server/index.js";
import { bundlePrograms } from "../../support/bundle-programs.js";
import { SupervisedServer } from "../../support/supervised-server.js";

export const MODEL = "figloom-mock-vl";

/** Imitation servers with nothing to do but to keep time: no pixels are decoded. */
export interface Fleet {
  servers: number;
  /** Requests that each runs at once. */
  slots: number;
  /** Milliseconds of an answer of {@link ANSWER_TOKENS}. */
  milliseconds: number;
  /** Folder below which `file://` pictures may lie. */
  shared?: string;
}

/** What answers about made-up figures have on average; they differ, as real ones do. */
const ANSWER_TOKENS = 80;
/** Reading the prompt takes next to no time, so that its length does not matter. */
const PREFILL_TOKENS_PER_SECOND = 10_000_000;

export class RunningFleet {
  private constructor(
    readonly fleet: Fleet,
    readonly servers: readonly SupervisedServer[],
  ) {}

  static async start(fleet: Fleet): Promise<RunningFleet> {
    const { slots, milliseconds, shared } = fleet;
    const folder = await bundlePrograms("bench", { "mock-server": "test/support/mock-server-program.ts" });
    const flags = {
      "--max-num-seqs": slots,
      "--kv-cache-tokens": 16_384 * Math.max(4, slots),
      "--time-per-token": milliseconds / ANSWER_TOKENS,
      "--slowdown-under-load": 1,
      "--prefill-tokens-per-second": PREFILL_TOKENS_PER_SECOND,
      ...(shared !== undefined && { "--allowed-local-media-path": shared }),
    };
    const options = {
      program: join(folder, "mock-server.cjs"),
      args: ["--cheap", ...Object.entries(flags).flat().map(String)],
    };
    const all = Array.from({ length: fleet.servers }, () => SupervisedServer.start(options));
    return new RunningFleet(fleet, await Promise.all(all));
  }

  get endpoints(): string[] {
    return this.servers.map(({ url }) => url);
  }

  /**
   * Requests a second that all of them answer together when enough wait, by the mean length of the questions and answers
   * so far.
   */
  async capacity(): Promise<number> {
    const { servers, slots, milliseconds } = this.fleet;
    const [requests, promptTokens, answerTokens] = await Promise.all([
      this.#metric("vllm:request_generation_tokens_count"),
      this.#metric("vllm:prompt_tokens_total"),
      this.#metric("vllm:generation_tokens_total"),
    ]);
    const one = capacity({
      maxNumSeqs: slots,
      kvCacheTokens: Infinity,
      prefillTokensPerSecond: PREFILL_TOKENS_PER_SECOND,
      timePerToken: milliseconds / ANSWER_TOKENS,
      slowdownUnderLoad: 1,
      speed: 1,
      promptTokens: promptTokens / requests,
      answerTokens: answerTokens / requests,
    });
    return servers * one;
  }

  /** Requests that run now, on all of them. */
  async running(): Promise<number> {
    return this.#metric("vllm:num_requests_running");
  }

  async requests(): Promise<number> {
    const reports = await Promise.all(this.servers.map((server) => server.report()));
    return reports.reduce((sum, { requests }) => sum + requests, 0);
  }

  /** Seconds of a processor that they have used, after proc(5). */
  cpuSeconds(): number {
    return this.servers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  async #metric(name: string): Promise<number> {
    const pages = await Promise.all(
      this.endpoints.map(async (url) => (await fetch(`${url}/metrics`)).text()),
    );
    const pattern = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "m");
    return pages.reduce((sum, page) => sum + Number(pattern.exec(page)?.[1] ?? 0), 0);
  }
}

/** Linux counts in hundredths of a second. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
