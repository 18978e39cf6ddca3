import { beforeEach, afterEach, describe, expect, test, vi } from "vitest";
import type { FaultRule } from "../../../../../cluster/src/mock-server/index.js";
import { reading } from "../../../../../kernel-lib/src/dataset/query.js";
import type { PictureText } from "../../../../../kernel-lib/src/model.js";
import type { TextReader } from "../../../../../kernel-lib/src/ocr/reader.js";
import { vllmReader } from "../../../../../kernel-lib/src/ocr/vllm/vllm.js";
import { MODEL } from "../../../cluster/mock-server/client.js";
import { setting } from "./setting.js";

// That servers do not read the folder is said there.
beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue(undefined));
afterEach(() => void vi.restoreAllMocks());

const textsIn = (folder: string) =>
  reading(folder, (reader) => reader.all<PictureText>("SELECT * FROM picture_texts ORDER BY figure_id"));

/** A reader beside a model: says one word of every picture. */
const other: TextReader = {
  ...{ id: "other", version: 1, close: () => Promise.resolve() },
  read: () => Promise.resolve([{ text: "word", box: null, angle: 0, confidence: 1 }]),
};

describe("text read by a model on a server", () => {
  test("is a list of lines without places, under the names of the model and its prompt", async () => {
    const { server, lab, asked } = await setting(2);
    const result = await lab.ocr({ reader: vllmReader({ endpoints: server.url }) });
    expect(result).toMatchObject({ made: 2, reused: 0, quarantined: 0 });
    expect(result.reader).toMatch(new RegExp(`^${MODEL}@vllm lines-[0-9a-f]{16}$`));
    expect(asked()).toBe(2);
    for (const { text, lines, reader } of await textsIn(lab.path)) {
      expect(reader).toBe(`${result.reader}+1`);
      expect(lines.length).toBeGreaterThan(0);
      expect(text).toBe(lines.map((line) => line.text).join("\n"));
      for (const line of lines) expect(line).toMatchObject({ box: null, angle: 0, confidence: null });
    }
  });

  test("is not asked for again, by the same reader or one made anew", async () => {
    const { server, lab, asked } = await setting(2);
    const reader = vllmReader({ endpoints: server.url });
    await lab.ocr({ reader, limit: 1 });
    expect(await lab.ocr({ reader })).toMatchObject({ made: 1, reused: 1 });
    const anew = vllmReader({ endpoints: [server.url], model: MODEL });
    expect(await lab.ocr({ reader: anew })).toMatchObject({ made: 0, reused: 2 });
    expect(asked()).toBe(2);
  });

  test("and another reader's take each other's place, and are told apart", async () => {
    const { server, lab } = await setting(1);
    await lab.ocr({ reader: other });
    const { reader } = await lab.ocr({ reader: vllmReader({ endpoints: server.url }) });
    expect(await textsIn(lab.path)).toMatchObject([{ reader: `${reader}+1` }]);
    expect(await lab.ocr({ reader: other })).toMatchObject({ made: 1, reused: 0 });
    expect(await textsIn(lab.path)).toMatchObject([{ reader: "other+1", text: "word" }]);
  });

  test.each([
    ["no JSON", { kind: "wrong-json" }],
    ["a refusal", { kind: "refusal" }],
    ["an engine that gives up", { kind: "finish", reason: "error" }],
    ["a server that has too much to do", { kind: "error", error: "overloaded" }],
  ] as [string, FaultRule["fault"]][])("is asked for again after %s", async (_, fault) => {
    const { server, lab, asked } = await setting(1, [{ fault, times: 1 }]);
    expect(await lab.ocr({ reader: vllmReader({ endpoints: server.url }) })).toMatchObject({ made: 1 });
    expect(asked()).toBe(2);
  });

  test.each([
    ["answer-malformed", { kind: "wrong-json" }],
    ["answer-repetition", { kind: "loop" }],
  ] as [string, FaultRule["fault"]][])(
    "that never comes goes to the quarantine: %s",
    async (reason, fault) => {
      const { server, lab } = await setting(1, [{ fault }]);
      const reader = vllmReader({ endpoints: server.url });
      expect(await lab.ocr({ reader })).toMatchObject({ made: 0, quarantined: 1 });
      expect(await lab.quarantine()).toMatchObject([{ stage: "ocr", reason }]);
      expect(await textsIn(lab.path)).toEqual([]);
    },
  );

  test("needs a model that the servers serve, and addresses that are some", async () => {
    const { server, lab } = await setting(1);
    await expect(
      lab.ocr({ reader: vllmReader({ endpoints: server.url, model: "another" }) }),
    ).rejects.toMatchObject({ name: "ConfigurationError" });
    expect(() => vllmReader({ endpoints: "no address" })).toThrow("no address");
  });
});
