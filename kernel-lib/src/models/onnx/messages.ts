/** What goes between us and the process that computes with a model: plain data. */
import type { PpocrAbout, PpocrReply, PpocrRequest } from "../../ocr/ppocr/messages.js";
import type { ModelKind } from "../kinds.js";
import type { ClipAbout, ClipReply, ClipRequest } from "./clip-messages.js";
import type { MaskedLmAbout, MaskedLmReply, MaskedLmRequest } from "./masked-lm-messages.js";

/** What a model of each kind says of itself once it is loaded, what it is asked, and what it answers. */
export interface Talk {
  clip: { about: ClipAbout; request: ClipRequest; reply: ClipReply };
  ppocr: { about: PpocrAbout; request: PpocrRequest; reply: PpocrReply };
  "masked-lm": { about: MaskedLmAbout; request: MaskedLmRequest; reply: MaskedLmReply };
}

/** The kinds of models that the process computes with. */
export type Computed = keyof Talk & ModelKind;

/** Where the model is computed: `cuda` needs the execution provider of that name, and nothing takes its place. */
export type Device = "cpu" | "cuda";

export interface LoadOrder<K extends Computed = Computed> {
  kind: K;
  /** Absolute; nothing outside of it is read but the pictures that are asked about. */
  folder: string;
  device: Device;
  /** Threads that compute. */
  threads: number;
}

/** A process holds one model: the first message loads it. */
export type ToProgram = { id: number } & ({ load: LoadOrder } | { ask: Talk[Computed]["request"] });

export type FromProgram =
  | { id: number; answer: Talk[Computed]["about"] | Talk[Computed]["reply"] }
  /** What could not be done, in words. */
  | { id: number; error: string };

/** A model in the process. */
export interface Loaded<K extends Computed> {
  about: Talk[K]["about"];
  /** Several may be at work at the same time: while one computes, the next is made ready. */
  answer(request: Talk[K]["request"]): Promise<Talk[K]["reply"]>;
}
