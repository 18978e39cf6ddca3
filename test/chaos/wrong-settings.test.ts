import { afterAll, beforeAll, expect, test } from "vitest";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import { vllm } from "../../kernel-lib/src/captions/vllm/vllm.js";
import { readQuarantine } from "../../kernel-lib/src/dataset/quarantine.js";
import { Dataset } from "../../kernel-lib/src/dataset/store.js";
import { recaption } from "../../kernel-lib/src/lab/recaption.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { freshFolder } from "../support/fresh-folder.js";
import { keptCaptions } from "./evidence.js";
import { chaosPrompt } from "./prompt.js";

let server: MockServer;
beforeAll(async () => {
  server = await MockServer.start({ speed: 20 });
});
afterAll(() => server.close());

const FIGURES = 12;

/** Which error of a server, and what the user is told to look at. */
const WRONG: [string, RegExp][] = [
  ["too-many-pictures", /--limit-mm-per-prompt/],
  ["no-vision", /serve a vision-language model/],
  ["not-base64", /check its version/],
  ["files-off", /--allowed-local-media-path/],
  ["file-outside", /--allowed-local-media-path/],
  ["unknown-model", /name one that it serves/],
  ["unknown-route", /base URL/],
  ["content-type", /check its version/],
  ["unauthorized", /FIGLOOM_API_KEY/],
];

test.each(WRONG)(
  "%s in the middle of a run stops it, keeps what is done and blames no figure; mended, the run goes on",
  async (error, wayOut) => {
    const folder = await freshFolder();
    await synthesize(folder, { figures: FIGURES });
    const dataset = await Dataset.open(folder);
    const run = async (limit = FIGURES) => {
      const model = vllm({ endpoints: server.url, shared: false });
      try {
        return await recaption(dataset, { prompt: chaosPrompt(), on: model, limit });
      } finally {
        await model.close();
      }
    };
    expect(await run(5)).toMatchObject({ made: 5 });
    server.setFaults({
      rules: [{ match: { id: "^paper-000002" }, fault: { kind: "error", error } }],
    });
    const failure = await run().catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ name: "ConfigurationError", message: expect.stringMatching(wayOut) });
    expect((await readQuarantine(folder)).filter(({ stage }) => stage === "recaption")).toEqual([]);
    const before = (await keptCaptions(folder)).length;
    expect(before).toBeGreaterThanOrEqual(5);
    server.setFaults({ rules: [] });
    expect(await run()).toMatchObject({ made: FIGURES - before, reused: before, quarantined: 0 });
  },
);
