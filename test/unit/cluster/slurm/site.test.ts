import { describe, expect, test } from "vitest";
import { partitionProblems } from "../../../../cluster/src/slurm/preflight.js";
import { minutesOf, parseLimits, parsePartitions } from "../../../../cluster/src/slurm/site.js";

const SINFO = [
  "h100*|up|2-00:00:00|10|gpu:h100:8(S:0-1)|112|2000000",
  "h100*|up|2-00:00:00|2|gpu:h100:4(S:0)|56|1000000",
  "cpu|up|infinite|100|(null)|64|256000",
  "old|inact|30:00|1|gpu:v100:2,gpu:k80:2,shard:8|16|64000",
].join("\n");

test("time limits in all their forms", () => {
  const limits = ["30:00", "2:30:00", "1-12", "1-12:30", "2-00:00:00", "45", "infinite", "n/a"];
  expect(limits.map(minutesOf)).toEqual([30, 150, 2160, 2190, 2880, 45, Infinity, Infinity]);
});

test("how large an array may be", () => {
  expect(parseLimits("MaxArraySize            = 4001\nMaxJobCount = 10000\n")).toEqual({ arraySize: 4001 });
  expect(parseLimits("MaxArraySize = 1001\nSchedulerParameters = bf_continue,max_array_tasks=200\n")).toEqual(
    {
      arraySize: 200,
    },
  );
});

test("partitions, with nodes that differ, of a cluster whose name is told first", () => {
  expect(parsePartitions(`CLUSTER: site\n${SINFO}\n`)).toEqual([
    {
      ...{ name: "h100", isDefault: true, state: "up", limit: 2880 },
      nodes: [
        { count: 10, gpus: 8, cpus: 112, memory: 2_000_000 },
        { count: 2, gpus: 4, cpus: 56, memory: 1_000_000 },
      ],
    },
    {
      ...{ name: "cpu", isDefault: false, state: "up", limit: Infinity },
      nodes: [{ count: 100, gpus: 0, cpus: 64, memory: 256_000 }],
    },
    {
      ...{ name: "old", isDefault: false, state: "inact", limit: 30 },
      nodes: [{ count: 1, gpus: 4, cpus: 16, memory: 64_000 }],
    },
  ]);
});

describe("what a partition does not allow", () => {
  const problems = (resources: object, options = {}) =>
    partitionProblems(parsePartitions(SINFO), resources, options);

  test("without a name the default one is taken", () => {
    expect(problems({ gpus: 8, minutes: 2880 }, { nodes: 10 })).toEqual([]);
  });

  test("only nodes that are large enough count, and small tasks share them", () => {
    expect(problems({ gpus: 8 }, { nodes: 11 })).toEqual([
      "The partition h100 has room for 10 such tasks at the same time; 11 are asked for.",
    ]);
    expect(problems({ gpus: 4, cpus: 16 }, { nodes: 22 })).toEqual([]);
    expect(problems({ partition: "cpu", cpus: 8 }, { nodes: 801 })).toEqual([
      "The partition cpu has room for 800 such tasks at the same time; 801 are asked for.",
    ]);
  });

  test("of several partitions one that fits is enough", () => {
    expect(problems({ gpus: 1 }, { partition: "cpu,h100" })).toEqual([]);
    expect(problems({ gpus: 1 }, { partition: "cpu" })).toEqual([
      "Nodes of the partition cpu have no GPUs; a task asks for 1.",
    ]);
  });

  test("all that is wrong is said", () => {
    expect(problems({ partition: "old", memory: 128_000 }, { time: 60 })).toEqual([
      "The partition old is closed at present.",
      "The partition old allows 30 minutes at most; a task asks for 60.",
      "Nodes of the partition old have 64000 MiB at most; a task asks for 128000.",
    ]);
  });
});
