// @vitest-environment jsdom
import "./setup.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { datasetNotebook, templateNotebook } from "../../../extension/src/launcher/notebook.js";
import { drawServers, indicatorOf } from "../../../extension/src/servers/indicator.js";
import { useSettings, viewSettings } from "../../../extension/src/settings/settings.js";
import type { ServerStatus } from "../../../kernel-lib/src/views/servers.js";

const server = (change: Partial<ServerStatus> = {}): ServerStatus => ({
  address: "http://gpu1:8000",
  up: true,
  detail: "Qwen3-VL",
  remedy: null,
  load: { running: 0, waiting: 0, cache: 0 },
  ...change,
});
const DOWN = server({ up: false, detail: "cannot be reached", remedy: "start the server", load: null });

describe("the servers in the toolbar", () => {
  test("are counted, and what they have to do is said", () => {
    expect(indicatorOf([server()])).toEqual({ text: "1 server", state: "good" });
    const busy = server({ load: { running: 12, waiting: 3, cache: 0.5 } });
    expect(indicatorOf([busy, server()])).toEqual({ text: "2 servers, 12 at work", state: "good" });
  });

  test("show that one of them is down, or that none is named", () => {
    expect(indicatorOf([server(), DOWN])).toEqual({ text: "1 of 2 servers", state: "poor" });
    expect(indicatorOf([])).toEqual({ text: "no servers", state: "none" });
  });

  test("are listed with their models and load, or with what to do", () => {
    const busy = server({ load: { running: 12, waiting: 3, cache: 0.5 }, detail: "<b>model</b>" });
    const rows = [...drawServers([busy, DOWN]).querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(rows).toEqual([
      ["http://gpu1:8000", "<b>model</b>", "12", "3", "50 %"],
      ["http://gpu1:8000", "cannot be reached: start the server", "–", "–", "–"],
    ]);
    expect(drawServers([]).textContent).toContain("FIGLOOM_ENDPOINTS=");
  });
});

describe("notebooks that are made", () => {
  test("name the dataset as it is called, whatever characters are in it", () => {
    const [first] = datasetNotebook('data/"odd"').cells as { source: string }[];
    expect(first!.source).toContain('openLab("data/\\"odd\\"", { create: false })');
  });

  test("have cells with ids of their own and figloom's kernel", () => {
    const { cells, metadata } = templateNotebook();
    const ids = (cells as { id: string }[]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(metadata).toMatchObject({ kernelspec: { name: "figloom" } });
  });
});

test("without JupyterLab's settings the defaults of their schema hold", () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../../extension/schema/settings.json"), "utf8"),
  ) as { properties: Record<string, { default: unknown }> };
  const defaults = Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, property.default]),
  );
  expect(viewSettings()).toEqual(defaults);
  useSettings({ tileSize: 300 });
  expect(viewSettings()).toEqual({ ...defaults, tileSize: 300 });
  useSettings({});
});
