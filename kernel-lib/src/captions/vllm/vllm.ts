/** Captions from a vision-language model on vLLM servers. docs/vllm.md says how to serve one, and what may go wrong. */
import { ConfigurationError } from "../../errors.js";
import type { Captioner } from "../captioner.js";
import type { Prompt, Sampling } from "../prompts/prompt.js";
import type { CaptionerOptions, ServerNow, Usage, VisionModel } from "../vision-model.js";
import { predictQuestion, isPictured } from "../estimate.js";
import { readEndpoint, readEndpoints, type EndpointOptions } from "./endpoints.js";
import { Chat } from "./chat.js";
import { captionFigure, type Way } from "./figure.js";
import { fleetsFolder } from "./fleet/folder.js";
import { Pictures } from "./media/pictures.js";
import { Notices } from "./notices.js";
import type { Answer } from "./outcome.js";
import type { Limits, ServerEvent } from "./schedule/scheduler.js";
import { Servers } from "./servers.js";

/** Which servers are asked for which model, and how. */
export interface VllmOptions extends EndpointOptions {
  /** Name that the servers know the model by. @default the only one that they serve */
  model?: string;
  /** Figures at work at the same time, those that wait for a server included. @default 512 for each server, at most 4096 */
  inFlight?: number;
  /**
   * Whether the servers read pictures from the dataset's folder (`--allowed-local-media-path`) instead of getting their
   * bytes. @default found out by trying, where the server is vLLM
   */
  shared?: boolean;
  /** Whether the servers schedule by priority (`--scheduling-policy priority`). @default false */
  serverPriority?: boolean;
  /** Starts a server again that died or hangs. Its address is given as it may be shown. @default nobody does */
  restart?: (endpoint: string) => Promise<void>;
  /** Seconds to wait for the first server before work starts; others may come later. @default 60 */
  patience?: number;
  /** Bytes of pictures held at once. @default 256 MiB */
  maxBytesInFlight?: number;
  /** Bounds of the scheduling, see docs/vllm.md. */
  limits?: Partial<Limits>;
  /** Told of servers' ups and downs. @default as for `onWarning` */
  onEvent?: (event: ServerEvent) => void;
  /** Told what the user should know, in one sentence. @default shown with the work's progress, or else console.warn */
  onWarning?: (message: string) => void;
}

/**
 * A vision-language model on vLLM servers, or others that speak OpenAI's chat API. Nothing is sent before it is made
 * ready, and only then a server has to be named; idle connections let the program end.
 * @throws {ConfigurationError} for an address or option that is none
 */
export function vllm(options: VllmOptions = {}): VisionModel {
  return new VllmModel(options);
}

const IN_FLIGHT = { perServer: 512, unknown: 2048, most: 4096 };

class VllmModel implements VisionModel {
  readonly #options: VllmOptions;
  readonly #chat = new Chat();
  readonly #servers: Servers<Answer>;
  readonly #pictures: Pictures;
  readonly #inFlight: number | null;
  readonly #named: number;
  readonly #notices = new Notices((text) => console.warn(text));
  readonly #warn: (message: string) => void;
  /** Folders that it was said of that pictures are not read there. */
  readonly #unread = new Set<string>();

  constructor(options: VllmOptions) {
    const { model = null, restart, limits, onEvent, patience = 60, maxBytesInFlight } = options;
    const endpoints = readEndpoints(options);
    this.#options = options;
    this.#named = endpoints.length;
    this.#inFlight = options.inFlight === undefined ? null : checked("inFlight", options.inFlight);
    this.#warn = options.onWarning ?? ((message) => this.#notices.say(message));
    this.#pictures = new Pictures(maxBytesInFlight === undefined ? {} : { maxBytesInFlight });
    this.#servers = new Servers(this.#chat, {
      ...{ endpoints, model, patience: patience * 1000, warn: this.#warn },
      fleets: fleetsOf(options),
      onEvent: onEvent ?? (({ message }) => this.#warn(message)),
      ...(restart && { restart }),
      ...(limits && { limits }),
    });
  }

  get name(): string | null {
    return this.#options.model ?? this.#servers.fleet?.model.name ?? null;
  }

  get servers(): number | undefined {
    return this.#servers.fleet?.servers.length ?? (this.#named || undefined);
  }

  get usage(): Usage {
    return this.#servers.usage;
  }

  get serverStates(): ServerNow[] {
    return this.#servers.states;
  }

  onNotice(listener: (text: string) => void): () => void {
    return this.#notices.listen(listener);
  }

  async identify({ signal }: { signal: AbortSignal }): Promise<void> {
    if (this.name === null) await this.#servers.identify(signal);
  }

  async ready({ signal, folder }: { signal: AbortSignal; folder: string }): Promise<void> {
    await this.#servers.check(signal);
    await this.#isShared(folder, signal);
  }

  captioner(prompt: Prompt, { sampling, repeat = 0, urgent = false }: CaptionerOptions = {}): Captioner {
    const { name } = this;
    if (name === null)
      throw new ConfigurationError(
        "The model's name is not known yet: give it as model, or wait for ready().",
      );
    const all: Sampling = { ...prompt.sampling, ...sampling };
    const drawn = { ...all, seed: all.seed + repeat * SEEDS_A_REPEAT };
    const way: Omit<Way, "folder" | "shared" | "max_model_len"> = {
      ...{
        prompt,
        repeat,
        urgent,
        model: name,
        sampling: drawn,
        servers: this.#servers,
        pictures: this.#pictures,
      },
      variant: `${prompt.id}@${name}${repeat > 0 ? `~${repeat}` : ""}`,
      priority: this.#options.serverPriority ? (urgent ? 0 : 1) : undefined,
    };
    let whole: Way | null = null;
    const concurrency = () => this.#concurrency;
    return {
      get concurrency() {
        return concurrency();
      },
      id: "vllm",
      version: 1,
      variant: way.variant,
      readsText: prompt.readsText ?? false,
      fingerprint: JSON.stringify({ prompt: prompt.hash, model: name, sampling: drawn, repeat }),
      ready: async ({ signal, folder }) => {
        const { max_model_len } = (await this.#servers.check(signal)).model;
        checkRoom(prompt, drawn, max_model_len);
        whole = { ...way, folder, max_model_len, shared: await this.#isShared(folder, signal) };
      },
      caption: (input, options) => {
        if (!whole) return Promise.reject(new ConfigurationError("Wait for the captioner's ready() first."));
        return captionFigure(whole, input, options);
      },
      predict: (input) => {
        if (!isPictured(input)) return 0;
        const { text, image } = predictQuestion(prompt, input);
        return Math.round((text + image) * (this.#chat.drift ?? 1)) + drawn.max_tokens;
      },
      note: () => this.#note(),
    };
  }

  async close(): Promise<void> {
    await this.#servers.close();
    await this.#pictures.close();
  }

  get #concurrency(): number {
    const servers = this.#named || this.#servers.fleet?.servers.length;
    const usual = servers === undefined ? IN_FLIGHT.unknown : IN_FLIGHT.perServer * servers;
    return this.#inFlight ?? Math.min(IN_FLIGHT.most, usual);
  }

  async #isShared(folder: string, signal: AbortSignal): Promise<boolean> {
    const { shared } = this.#options;
    if (shared === false) return false;
    const fleet = await this.#servers.check(signal);
    // Only vLLM reads files; another program need not learn where they lie.
    if (shared === undefined && fleet.servers.some(({ version }) => version === null)) return false;
    const why = await this.#servers.whyNotShared(folder, signal);
    if (why !== null && shared)
      throw new ConfigurationError(
        `The servers do not read pictures from ${folder}: ${ended(why)} Or leave shared: true out.`,
      );
    if (why !== null && !this.#unread.has(folder)) {
      this.#unread.add(folder);
      this.#warn(`Pictures are sent, not read from ${folder} by the servers: ${ended(why)}`);
    }
    return why === null;
  }

  #note(): string | undefined {
    const { states } = this.#servers;
    if (states.length === 0) return undefined;
    const up = states.filter(({ health }) => health === "up").length;
    const inFlight = states.reduce((sum, state) => sum + state.inFlight, 0);
    const rate = states.reduce((sum, state) => sum + state.perSecond, 0);
    return `${up} of ${states.length} servers, ${inFlight} in flight, ${rate.toFixed(1)} answers/s`;
  }
}

/** Fleets are looked for where nothing is said of endpoints. */
const fleetsOf = ({ endpoints, key = process.env.FIGLOOM_API_KEY }: VllmOptions) =>
  endpoints === undefined
    ? { folder: fleetsFolder(), endpoint: (address: string) => readEndpoint(address, key || null) }
    : null;

/** A sentence's end where it has none. */
const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Seeds between two repeats, for the further draws of one. */
const SEEDS_A_REPEAT = 16;

/** Tokens of the smallest picture, and of the words around a question. */
const LEAST_PICTURE = 64;
const AROUND = 64;

/** @throws {ConfigurationError} where no question of this prompt can have room for its answer */
function checkRoom(prompt: Prompt, { max_tokens }: Sampling, max_model_len: number | null): void {
  const least = LEAST_PICTURE + AROUND + max_tokens;
  if (max_model_len !== null && least > max_model_len)
    throw new ConfigurationError(
      `The prompt "${prompt.id}" allows answers of ${max_tokens} tokens, but the servers take ${max_model_len} with the question and the picture: lower max_tokens, or serve the model with a larger --max-model-len.`,
    );
}

function checked(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ConfigurationError(`${name} is ${value}: give a whole number from 1.`);
}
