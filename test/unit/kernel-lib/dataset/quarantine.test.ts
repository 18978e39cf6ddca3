import { readFile, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Quarantine, readQuarantine } from "../../../../kernel-lib/src/dataset/quarantine.js";
import type { QuarantineLine } from "../../../../kernel-lib/src/model.js";
import { freshFolder } from "../../../support/fresh-folder.js";

const line = (item: string, over: Partial<QuarantineLine> = {}): QuarantineLine => ({
  stage: "recaption",
  item,
  file: "p.tar.gz",
  reason: "refused",
  message: `${item} was refused.`,
  way_out: "None.",
  raw: null,
  ...over,
});

async function linesIn(folder: string): Promise<number> {
  return (await readFile(join(folder, "quarantine", "recaption.jsonl"), "utf8")).split("\n").length - 1;
}

describe("a quarantine", () => {
  it("remembers what work an item failed with, over starts", async () => {
    const folder = await freshFolder();
    const first = await Quarantine.open(folder, "recaption");
    await first.settle("a", [line("a")], "key of a");
    await first.settle("b", [line("b")]);
    expect(first.failedWith("a")).toBe("key of a");
    await first.close();

    const second = await Quarantine.open(folder, "recaption");
    expect(second.failedWith("a")).toBe("key of a");
    expect(second.failedWith("b")).toBeNull();
    expect(second.failedWith("c")).toBeNull();
    await second.settle("a", [line("a")], "another key");
    await second.settle("b", []);
    await second.close();

    const third = await Quarantine.open(folder, "recaption");
    expect(third.failedWith("a")).toBe("another key");
    await third.settle("a", []);
    expect(third.failedWith("a")).toBeNull();
    await third.close();
    expect(await readQuarantine(folder)).toEqual([]);
  });

  it("shows a problem as it was recorded, without what is for itself", async () => {
    const folder = await freshFolder();
    const quarantine = await Quarantine.open(folder, "recaption");
    await quarantine.settle("a", [line("a")], "key of a");
    await quarantine.close();
    expect(await readQuarantine(folder)).toEqual([line("a")]);
  });

  it("lists the same failure of the same work once, however often it is found", async () => {
    const folder = await freshFolder();
    for (let start = 0; start < 3; start++) {
      const quarantine = await Quarantine.open(folder, "recaption");
      await quarantine.settle("a", [line("a")], "key of a");
      await quarantine.close();
    }
    expect(await linesIn(folder)).toBe(1);
  });

  it("reads files from before it remembered", async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, "quarantine"));
    const old = JSON.stringify({ ...line("a"), of: "a" });
    await writeFile(join(folder, "quarantine", "recaption.jsonl"), `${old}\n`);
    const quarantine = await Quarantine.open(folder, "recaption");
    expect(quarantine.failedWith("a")).toBeNull();
    await quarantine.settle("a", [line("a")], "key of a");
    expect(quarantine.failedWith("a")).toBe("key of a");
    await quarantine.close();
    expect(await readQuarantine(folder)).toEqual([line("a")]);
  });
});
