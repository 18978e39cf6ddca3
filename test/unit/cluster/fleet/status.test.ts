import { expect, test } from "vitest";
import { type FleetNow, FleetStatus } from "../../../../cluster/src/fleet/status.js";

const fleet: FleetNow = {
  ...{ name: "mine", folder: "/fleets/mine", model: "m", created: "2026-11-21T10:00:00Z", version: null },
  ...{ stopping: false, open: true, endpoints: [], problem: null },
  nodes: [
    {
      task: "node-1",
      host: null,
      state: "queued",
      servers: 0,
      up: 0,
      idle: null,
      note: "Waits (Resources).",
    },
  ],
};

test("servers that answer everybody are told of, as long as they may run", () => {
  expect(String(new FleetStatus([fleet]))).toBe(
    [
      "mine (m): 0 of 0 servers answer",
      "  node-1: queued. Waits (Resources).",
      "  Whoever reaches its nodes can ask its servers: no FIGLOOM_API_KEY was set when it was started.",
    ].join("\n"),
  );
  for (const other of [{ open: false }, { stopping: true }])
    expect(String(new FleetStatus([{ ...fleet, ...other }]))).not.toContain("KEY");
});
