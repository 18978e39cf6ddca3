import { expect, test } from "vitest";
import { accountedRows, parseAccounting, parseQueue } from "../../../../cluster/src/slurm/queue.js";

test("rows of the queue: times of tasks that have none are left out, names may hold anything", () => {
  const text = [
    "13|2|COMPLETED|None|0|0|n1|2026-11-21T19:26:19|2026-11-21T19:26:21|gpu|demo|",
    "14|0|FAILED|NonZeroExitCode|768|1|n3|2026-11-21T19:26:16|2026-11-21T19:26:16|gpu|a|b|",
    "14|1|PENDING|Resources|0|0||N/A|N/A|gpu|b.1|",
    "15|N/A|RUNNING|None|0|0|n1|2026-11-21T19:26:16|NONE|gpu|no array|",
    "",
  ];
  const rows = parseQueue(text.join("\n"));
  expect(rows).toEqual([
    {
      ...{ array: "13", index: 2, state: "COMPLETED", reason: "None", exitCode: 0, signal: 0, restarts: 0 },
      ...{ node: "n1", partition: "gpu", name: "demo" },
      ...{ started: "2026-11-21T19:26:19.000Z", ended: "2026-11-21T19:26:21.000Z" },
    },
    expect.objectContaining({ state: "FAILED", exitCode: 3, restarts: 1, name: "a|b" }),
    {
      ...{
        array: "14",
        index: 1,
        state: "PENDING",
        reason: "Resources",
        exitCode: 0,
        signal: 0,
        restarts: 0,
      },
      ...{ node: "", partition: "gpu", name: "b.1" },
    },
  ]);
});

test("accounts list every attempt of a task: the last counts, the others are its restarts", () => {
  const rows = parseAccounting(
    [
      "1_1|REQUEUED|3:0|n2|2026-11-21T10:00:00|2026-11-21T10:00:05|gpu|None|demo.1",
      "1_1|COMPLETED|0:0|n1|2026-11-21T10:00:12|2026-11-21T10:00:13|gpu|None|demo.1",
      "1_2|CANCELLED by 1000|0:15|n1|2026-11-21T10:00:12|2026-11-21T10:00:13|gpu|None|demo.1",
      "1_[3-9%2]|PENDING|0:0|None assigned|Unknown|Unknown|gpu|None|demo.1",
      "",
    ].join("\n"),
  );
  expect(rows).toEqual([
    expect.objectContaining({ array: "1", index: 1, state: "COMPLETED", restarts: 1, node: "n1" }),
    expect.objectContaining({ array: "1", index: 2, state: "CANCELLED", signal: 15, restarts: 0 }),
  ]);
});

test("fields may be filled up with spaces, and a cluster's name may stand first", () => {
  const row = "13  |2   |RUNNING   |None  |0  |0 |n1  |2026-11-21T19:26:19 |NONE |gpu  |demo.1  |";
  expect(parseQueue(`CLUSTER: site\n${row}\n`)).toEqual([
    expect.objectContaining({ array: "13", index: 2, state: "RUNNING", node: "n1", name: "demo.1" }),
  ]);
});

test("an answer of something else than squeue is not taken for an empty queue", () => {
  expect(parseQueue("\n")).toEqual([]);
  expect(() => parseQueue("JOBID PARTITION NAME\n13_2 gpu demo\n")).toThrow(
    /^squeue's answer cannot be understood \(JOBID PARTITION NAME\)/,
  );
});

test("accounts that are away say nothing, and hide nothing", async () => {
  const ask = () => Promise.reject(new Error("Slurm does not answer (Connection refused)."));
  expect(await accountedRows({ ask }, ["7"])).toEqual([]);
});
