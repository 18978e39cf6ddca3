import { describe, expect, test } from "vitest";
import { Batches } from "../../../../../kernel-lib/src/models/onnx/batches.js";
import { ProcessEnded } from "../../../../../kernel-lib/src/models/onnx/process.js";

const signal = new AbortController().signal;

/** Work that notes its batches, and ends its process over what is called deadly. */
function noted(batches: string[][]): (items: string[]) => Promise<string[]> {
  return async (items) => {
    batches.push(items);
    await new Promise((resolve) => setImmediate(resolve));
    if (items.includes("deadly")) throw new ProcessEnded("it ended (SIGSEGV)");
    return items.map((item) => item.toUpperCase());
  };
}

describe("batches", () => {
  test("are filled by those who ask at the same time, and every one gets the own answer", async () => {
    const batches: string[][] = [];
    const collected = new Batches(noted(batches), { size: 3 });
    const asked = ["a", "b", "c", "d", "e", "f", "g"];
    expect(await Promise.all(asked.map((item) => collected.add(item, signal)))).toEqual(
      asked.map((item) => item.toUpperCase()),
    );
    expect(batches).toEqual([["a", "b", "c"], ["d", "e", "f"], ["g"]]);
  });

  test("fail for all that are in one, and the next goes well", async () => {
    const collected = new Batches<string, string>(
      (items) => (items.includes("wrong") ? Promise.reject(new Error("no")) : Promise.resolve(items)),
      { size: 2 },
    );
    const results = await Promise.allSettled(
      ["x", "wrong", "y", "z"].map((item) => collected.add(item, signal)),
    );
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled", "fulfilled"]);
  });

  test("are asked about one by one where the process ended over them, so that one item fails alone", async () => {
    const batches: string[][] = [];
    const collected = new Batches(noted(batches), { size: 4 });
    const asked = ["a", "deadly", "b", "c", "d"];
    const results = await Promise.allSettled(asked.map((item) => collected.add(item, signal)));
    expect(results).toMatchObject([
      { value: "A" },
      { reason: { name: "ProcessEnded" } },
      { value: "B" },
      { value: "C" },
      { value: "D" },
    ]);
    expect(batches.slice(0, 1)).toEqual([["a", "deadly", "b", "c"]]);
    expect(batches.filter((batch) => batch.length === 1).flat()).toEqual(
      expect.arrayContaining(["a", "deadly", "b", "c"]),
    );
  });

  test("leave out who has given up, and are given up when all have", async () => {
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const collected = new Batches<string, string>(
      (items, own) => {
        given = own;
        return items.includes("endless") ? new Promise(() => undefined) : Promise.resolve(items);
      },
      { size: 1, ahead: 1 },
    );
    const endless = collected.add("endless", controller.signal);
    const behind = collected.add("behind", controller.signal);
    expect(given?.aborted).toBe(false);
    controller.abort(new Error("enough"));
    await expect(endless).rejects.toThrow("enough");
    await expect(behind).rejects.toThrow("enough");
    expect(given?.aborted).toBe(true);
  });
});
