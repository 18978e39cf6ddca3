/** Models of the CLIP and SigLIP families on vLLM servers. docs/scores.md says how to serve one. */
import { namedIn, readEndpoints, type Endpoint } from "../../captions/vllm/endpoints.js";
import { Pictures } from "../../captions/vllm/media/pictures.js";
import { wellFormed } from "../../captions/vllm/request.js";
import type { Final, Limits } from "../../captions/vllm/schedule/scheduler.js";
import { Servers, type Inquiry } from "../../captions/vllm/servers.js";
import { ConfigurationError, ItemError } from "../../errors.js";
import type { Embedder, TextVector } from "./embedder.js";
import { Embeddings, pictureBody, textBody, type Vectors } from "./endpoint-dialect.js";
import { forTower, marksOf, tokensOf, type Marks, type TowerText } from "./endpoint-tokens.js";

export interface EndpointOptions {
  /** Name that the servers know the model by. @default the only one that they serve */
  model?: string | undefined;
  /** Base URLs with or without `/v1`, one server each. */
  endpoints: readonly string[];
  /** Seconds to wait for the first server; others may come later. @default 60 */
  patience?: number;
  /** Told what the user should know, in one sentence. @default console.warn */
  onWarning?: (message: string) => void;
  /** Bounds of the scheduling, see docs/vllm.md. */
  limits?: Partial<Limits>;
}

/** Captions that a server gets at once at most: each of its pictures is prepared by one thread. */
const PER_SERVER = 64;
const MOST = 1024;
/** Texts in one request. */
const TEXTS = 64;

/**
 * Asks vLLM servers for vectors, as many servers as there are, as `vllm()` asks them for captions: each is kept busy,
 * what fails is asked elsewhere, and what cannot be asked says why.
 * @throws {ConfigurationError} for an address that is none, or none at all
 */
export function endpointEmbedder(options: EndpointOptions): Embedder {
  return new EndpointEmbedder(options);
}

/** What stays as long as the servers are asked. */
interface Session {
  servers: Servers<Vectors>;
  pictures: Pictures;
  /** The dataset's folder, and whether servers read its files. */
  folder: string | null;
  shared: boolean;
  /** Known once a server was asked. */
  marks: Marks | null;
  /** While it is made ready. */
  trying: Promise<void> | null;
}

class EndpointEmbedder implements Embedder {
  readonly #options: EndpointOptions;
  readonly #endpoints: Endpoint[];
  #session: Session | null = null;
  #name: string | null;
  #asked = 0;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#name = options.model ?? null;
    this.#endpoints = readEndpoints({ endpoints: options.endpoints });
    if (namedIn(options.endpoints).length === 0)
      throw new ConfigurationError(
        "No server is named that gives vectors: give its base URL as one of endpoints.",
      );
  }

  /** Servers do not tell a model's revision. */
  get id(): string {
    return `${this.#model}@vllm`;
  }

  get concurrency(): number {
    return Math.min(MOST, PER_SERVER * this.#endpoints.length);
  }

  /** It stands in every row, so that the servers, which may be many, are not listed. */
  get device(): string {
    return "vllm";
  }

  async identify({ signal = NEVER }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#name ??= (await this.#open().servers.identify(signal)).model.name;
  }

  /** Many ask for it at the same time, and the servers are tried once. */
  async ready({ signal, folder }: { signal: AbortSignal; folder: string }): Promise<void> {
    const session = this.#open();
    if (session.folder === folder) return;
    session.trying ??= this.#try(session, folder, signal).finally(() => (session.trying = null));
    await session.trying;
  }

  async #try(session: Session, folder: string, signal: AbortSignal): Promise<void> {
    await this.identify({ signal });
    const { model } = await session.servers.check(signal);
    if (model.max_model_len === null)
      throw new ConfigurationError(
        `The servers do not say how many tokens of a text the model "${model.name}" reads: check that they are vLLM's.`,
      );
    session.shared = (await session.servers.whyNotShared(folder, signal)) === null;
    await this.#tryText(signal);
    session.folder = folder;
  }

  async image(path: string, { signal }: { signal: AbortSignal }): Promise<Float32Array> {
    const { servers, pictures, folder, shared } = this.#open();
    if (folder === null) throw new ConfigurationError("Wait for the embedder's ready() first.");
    const picture = await pictures.filed(path, { folder, shared, signal });
    try {
      const body = pictureBody(this.#model, picture);
      const final = await servers.ask(this.#inquiry(path, { body, question: TOKENS.picture, signal }));
      return vectorsOf(final, 1)[0]!;
    } finally {
      picture.release();
    }
  }

  async texts(texts: readonly string[], { signal }: { signal: AbortSignal }): Promise<TextVector[]> {
    const parts = Array.from({ length: Math.ceil(texts.length / TEXTS) }, (_, i) =>
      texts.slice(i * TEXTS, (i + 1) * TEXTS),
    );
    return (await Promise.all(parts.map((part) => this.#vectors(named(part), part, signal)))).flat();
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.servers.close();
    await session?.pictures.close();
  }

  /** Servers have shown that they see pictures by now. */
  async #tryText(signal: AbortSignal): Promise<void> {
    try {
      await this.#vectors("a trial text", ["A figure."], signal);
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      throw new ConfigurationError(`The servers give no vector of a plain text: ${error.message}.`);
    }
  }

  get #model(): string {
    if (this.#name !== null) return this.#name;
    throw new ConfigurationError(
      "The model's name is not known yet: give it as model, or wait for identify().",
    );
  }

  #open(): Session {
    return (this.#session ??= {
      servers: this.#serversAnew(),
      pictures: new Pictures(),
      ...{ folder: null, shared: false, marks: null, trying: null },
    });
  }

  #serversAnew(): Servers<Vectors> {
    const { patience = 60, limits, onWarning = (message: string) => console.warn(message) } = this.#options;
    return new Servers(new Embeddings(), {
      ...{ endpoints: this.#endpoints, model: this.#name, fleets: null },
      ...{ patience: patience * 1000, warn: onWarning, onEvent: ({ message }) => onWarning(message) },
      ...(limits && { limits }),
    });
  }

  /** A server makes tokens of the texts and then vectors of the tokens; asked again elsewhere, only the latter. */
  async #vectors(item: string, texts: readonly string[], signal: AbortSignal): Promise<TextVector[]> {
    const session = this.#open();
    const model = this.#model;
    const limit = session.servers.fleet!.model.max_model_len!;
    let towers: TowerText[] | null = null;
    const final = await session.servers.ask(
      this.#inquiry(item, {
        async body(post) {
          const marks = (session.marks ??= await marksOf(model, post));
          towers ??= await Promise.all(
            texts.map(async (text) =>
              forTower(await tokensOf(model, wellFormed(text), marks, post), marks, limit),
            ),
          );
          return textBody(
            model,
            towers.map(({ ids }) => ids),
          );
        },
        question: TOKENS.text * texts.length,
        signal,
      }),
    );
    const made = towers! as TowerText[];
    return vectorsOf(final, texts.length).map((vector, i) => {
      const { tokens, cut } = made[i]!;
      return { vector, tokens, cut };
    });
  }

  #inquiry(item: string, about: Pick<Inquiry, "body" | "question" | "signal">): Inquiry {
    return {
      ...{ item, ...about, answer: 0, urgent: false, onText: undefined },
      id: () => `figloom-embed/${++this.#asked}`,
    };
  }
}

/** What servers' loads are compared by: a picture's patches, and a text up to its limit. */
const TOKENS = { picture: 200, text: 70 };

const NEVER = new AbortController().signal;

function vectorsOf(final: Final<Vectors>, count: number): Float32Array[] {
  if (final.kind !== "answered") throw new ItemError(final.problem);
  const { vectors } = final.answer;
  if (vectors.length === count) return vectors;
  throw new ItemError({
    reason: "answer-unreadable",
    message: `a server gave ${vectors.length} vectors where ${count} were asked for`,
    wayOut: "check that it is vLLM's",
  });
}

/** The first of some texts, for messages. */
const named = ([text = ""]: readonly string[]): string =>
  `the text "${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
