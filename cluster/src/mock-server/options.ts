import { resolve } from "node:path";
import { ConfigurationError } from "figloom/errors";
import type { EngineSize } from "./capacity.js";
import type { Flavour } from "./errors.js";
import type { Faults } from "./faults.js";
import { QWEN3_VL_PIXELS, type PixelBudget } from "./image-tokens.js";
import { towerOf } from "./towers.js";

/** What an imitation server is like. Names follow vLLM's flags where it has them. */
export interface MockServerOptions extends Partial<EngineSize>, Partial<PixelBudget> {
  /** @default "127.0.0.1" */
  host?: string;
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** What it does: write about pictures, or make vectors of pictures and texts (`--runner pooling`). @default "generate" */
  runner?: "generate" | "pooling";
  /**
   * Name that it answers to. Of a model that makes vectors it says the family: SigLIP where it has "siglip" in it, its
   * second version where it has "siglip2", CLIP else. @default "figloom-mock-vl", "figloom-mock-clip" for vectors
   */
  model?: string;
  /** What `/version` says. @default "0.32.0" */
  version?: string;
  /** Most tokens of a prompt and its answer. @default 32768; 77 for CLIP, 64 for SigLIP */
  maxModelLen?: number;
  /** More requests than this, running ones included, are answered with 503, as vLLM 0.29 can. @default null, no limit */
  maxNumQueuedReqs?: number | null;
  /** Tokens of every answer, whatever it says, for benchmarks; `null` leaves it to the caption. @default null */
  answerTokens?: number | null;
  /** Pictures in one prompt. @default 1 */
  limitImages?: number;
  /** `false` for a model that reads text only. @default true */
  vision?: boolean;
  /** Most tokens of one picture. @default 16384 */
  encoderCacheTokens?: number;
  /** Folder below which `file://` pictures may lie. @default null, none may */
  allowedLocalMediaPath?: string | null;
  /** What a request must bring. @default null, nothing */
  apiKey?: string | null;
  /** `usage.prompt_tokens_details`, which vLLM gives with `--enable-prompt-tokens-details`. @default true */
  promptTokensDetails?: boolean;
  /** Real milliseconds after which an idle connection is closed; uvicorn's 5 s unless given. */
  keepAliveMilliseconds?: number;
  /** How errors look; `rust` also refuses bodies over 32 MiB. @default "python" */
  flavour?: Flavour;
  /** `header` reads only a picture's size: cheaper, and a file broken further on passes. @default "pixels" */
  decode?: "pixels" | "header";
  /** Whether a picture under another's `uuid` is refused or only counted. @default "refuse" */
  wrongPictures?: "refuse" | "count";
  faults?: Faults;
  /** After its engine died: real milliseconds until the server is gone. @default 5000 */
  exitMilliseconds?: number;
  /** A dead engine's server stays and answers errors, as with `VLLM_KEEP_ALIVE_ON_ENGINE_DEATH=1`. @default false */
  keepAliveOnEngineDeath?: boolean;
  /** After it was gone: real milliseconds until it starts anew on the same port; `null` for never. @default null */
  restartMilliseconds?: number | null;
  /** File to which lines of JSON are added: requests asked, their pictures, faults, how each ended. @default null, none */
  log?: string | null;
  /** Called when the server is gone for good because its engine died. */
  onExit?: () => void;
}

export type Settings = Required<Omit<MockServerOptions, "faults" | "onExit">>;

export const DEFAULTS: Settings = {
  ...QWEN3_VL_PIXELS,
  runner: "generate",
  host: "127.0.0.1",
  port: 0,
  model: "figloom-mock-vl",
  version: "0.32.0",
  maxModelLen: 32_768,
  maxNumSeqs: 256,
  maxNumQueuedReqs: null,
  kvCacheTokens: 524_288,
  prefillTokensPerSecond: 4000,
  timePerToken: 12,
  slowdownUnderLoad: 2,
  speed: 1,
  answerTokens: null,
  limitImages: 1,
  vision: true,
  encoderCacheTokens: 16_384,
  allowedLocalMediaPath: null,
  apiKey: null,
  promptTokensDetails: true,
  keepAliveMilliseconds: 5000,
  flavour: "python",
  decode: "pixels",
  wrongPictures: "refuse",
  exitMilliseconds: 5000,
  keepAliveOnEngineDeath: false,
  restartMilliseconds: null,
  log: null,
};

const LEAST: Partial<Record<keyof Settings, number>> = {
  maxModelLen: 16,
  maxNumSeqs: 1,
  maxNumQueuedReqs: 1,
  kvCacheTokens: 16,
  answerTokens: 1,
  limitImages: 0,
  encoderCacheTokens: 1,
  min_pixels: 1,
  max_pixels: 1024,
  port: 0,
  keepAliveMilliseconds: 1,
  exitMilliseconds: 0,
  restartMilliseconds: 0,
};

/** @throws {ConfigurationError} for an option that no server could have */
export function settle(options: MockServerOptions): Settings {
  const settings = { ...DEFAULTS };
  if (options.runner === "pooling") {
    settings.model = "figloom-mock-clip";
    settings.maxModelLen = towerOf(options.model ?? settings.model).limit;
  }
  for (const [name, value] of Object.entries(options))
    if (name in DEFAULTS && value !== undefined) Object.assign(settings, { [name]: value });
  for (const [name, least] of Object.entries(LEAST)) {
    const value = settings[name as keyof Settings] as number | null;
    if (value !== null && !(Number.isSafeInteger(value) && value >= least))
      throw new ConfigurationError(`${name} is ${value}: give a whole number from ${least}.`);
  }
  for (const name of ["prefillTokensPerSecond", "timePerToken", "speed"] as const)
    if (!(Number.isFinite(settings[name]) && settings[name] > 0))
      throw new ConfigurationError(`${name} is ${settings[name]}: give a number over 0.`);
  if (!(settings.slowdownUnderLoad >= 1))
    throw new ConfigurationError(`slowdownUnderLoad is ${settings.slowdownUnderLoad}: give a number from 1.`);
  if (settings.kvCacheTokens < settings.maxModelLen)
    throw new ConfigurationError(
      `A KV cache of ${settings.kvCacheTokens} tokens cannot hold one request of ${settings.maxModelLen}: lower ` +
        "the model's length or raise the cache.",
    );
  if (settings.allowedLocalMediaPath !== null)
    settings.allowedLocalMediaPath = resolve(settings.allowedLocalMediaPath);
  return settings;
}
