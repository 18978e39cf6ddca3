import { afterEach, expect, test, vi } from "vitest";
import { judge, pppl, support, clip } from "../../../../kernel-lib/src/index.js";
import { readerOf } from "../../../../kernel-lib/src/ocr/spec.js";
import { pinned } from "../../../../kernel-lib/src/scores/same-scorer.js";
import { ocrWork } from "../../../../kernel-lib/src/stages/works/ocr-work.js";
import { scoreWork } from "../../../../kernel-lib/src/stages/works/score-work.js";

afterEach(() => vi.unstubAllEnvs());
const TWO = ["http://a:8000", "http://b:8000"];

test("text is read the faster for processors, a GPU or servers, as its reader works", async () => {
  vi.stubEnv("FIGLOOM_ONNX_THREADS", "3");
  expect(ocrWork("/d", readerOf("tesseract", { jobs: 5 }), {}).basis).toEqual({
    ...{ stage: "ocr", by: "tesseract-eng@4.0.0_best_int", unit: "processor", units: 5 },
  });
  expect(readerOf("ppocr").runsOn).toEqual({ unit: "processor", units: 3 });
  const reader = readerOf({ kind: "vllm", model: "m", endpoints: TWO });
  expect(reader.runsOn).toEqual({ unit: "server", units: 2 });
  await reader.close();
  vi.stubEnv("FIGLOOM_ONNX_DEVICE", "cuda");
  expect(readerOf("ppocr").runsOn).toEqual({ unit: "gpu", units: 1 });
});

test("captions are measured the faster for what their scorer computes on", async () => {
  vi.stubEnv("FIGLOOM_ONNX_THREADS", "3");
  const basisOf = (scorer: Parameters<typeof scoreWork>[1]) => scoreWork("/d", scorer, {}).basis;
  expect(basisOf(support())).toEqual({ stage: "score", by: "support", unit: "process", units: 1 });
  expect(basisOf(pppl({ as: "mine" }))).toMatchObject({ by: "mine", unit: "processor", units: 3 });
  expect(basisOf(pinned(clip({ model: "clip-b32" }), "x"))).toMatchObject({ unit: "processor", units: 3 });
  expect(basisOf(clip({ endpoints: TWO }))).toMatchObject({ by: "clip", unit: "server", units: 2 });
  const asked = judge({ model: "m", endpoints: TWO });
  expect(basisOf(asked)).toMatchObject({ unit: "server", units: 2 });
  await asked.close?.();
});
