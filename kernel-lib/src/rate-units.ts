import type { VisionModel } from "./captions/vision-model.js";
import { askedDevice, askedThreads } from "./models/onnx/device.js";
import type { RateUnit } from "./views/run.js";

/** What some work is done the faster for, and how many of them there are for it. */
export interface Units {
  unit: RateUnit;
  units: number;
}

/** Work that one thread of JavaScript does. */
export const ONE_PROCESS: Units = { unit: "process", units: 1 };

/** Servers of a model that is asked; before they are known it is taken to be one. */
export const serversOf = ({ servers = 1 }: Pick<VisionModel, "servers">): Units => ({
  unit: "server",
  units: servers,
});

/** A model that is computed here: on one GPU, or on as many processors as it has threads. */
export const modelHere = (device = askedDevice()): Units =>
  device === "cuda" ? { unit: "gpu", units: 1 } : { unit: "processor", units: askedThreads() };
