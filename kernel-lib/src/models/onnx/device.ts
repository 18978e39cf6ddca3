import { availableParallelism } from "node:os";
import { ConfigurationError } from "../../errors.js";
import type { Device } from "./messages.js";

/** Threads that a model computes with on the processor: `FIGLOOM_ONNX_THREADS`, or as many as there are processors. */
export function askedThreads(env: NodeJS.ProcessEnv = process.env): number {
  const asked = env["FIGLOOM_ONNX_THREADS"];
  if (!asked) return availableParallelism();
  const threads = Number(asked);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw new ConfigurationError(
    `FIGLOOM_ONNX_THREADS is "${asked}"; give a whole number of threads from 1 to 1024.`,
  );
}

const DEVICES: readonly Device[] = ["cpu", "cuda"];

/**
 * Where models are computed: `FIGLOOM_ONNX_DEVICE`, or the processor.
 * @throws {ConfigurationError} for another device; whether it is there shows when a model is loaded
 */
export function askedDevice(env: NodeJS.ProcessEnv = process.env): Device {
  const asked = env["FIGLOOM_ONNX_DEVICE"] || "cpu";
  const device = DEVICES.find((name) => name === asked);
  if (device) return device;
  throw new ConfigurationError(
    `FIGLOOM_ONNX_DEVICE is "${asked}"; models are computed on ${DEVICES.join(" or ")}.`,
  );
}
