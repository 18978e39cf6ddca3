import { expect, test } from "vitest";
import { listed, shareGpus, visibleGpus } from "../../../../cluster/src/servers/gpus.js";

const GPU = "GPU-5a1d2c3b-0000-1111-2222-333344445555";
const MIG = "MIG-7f6e5d4c-0000-1111-2222-333344445555";
const none = () => null;

test("CUDA_VISIBLE_DEVICES names GPUs by index, UUID or MIG instance", () => {
  expect(visibleGpus({ CUDA_VISIBLE_DEVICES: `3, ${GPU},${MIG}` }, null, none)).toEqual(["3", GPU, MIG]);
});

test("what follows an entry that is no device is not visible, as CUDA has it", () => {
  expect(visibleGpus({ CUDA_VISIBLE_DEVICES: "0,1,-1,2" }, null, none)).toEqual(["0", "1"]);
  for (const nothing of ["", "-1", "NoDevFiles"])
    expect(visibleGpus({ CUDA_VISIBLE_DEVICES: nothing }, 8, () => ["0"])).toEqual([]);
});

test("without it all that nvidia-smi lists, and without that as many as are given", () => {
  expect(visibleGpus({}, null, () => ["0", "1"])).toEqual(["0", "1"]);
  expect(visibleGpus({}, 1, () => ["0", "1"])).toEqual(["0"]);
  expect(visibleGpus({}, 3, none)).toEqual(["0", "1", "2"]);
  expect(visibleGpus({}, null, none)).toEqual([]);
});

test("the instances of a GPU that is cut into some stand for it", () => {
  const text = `GPU 0: NVIDIA H100 80GB HBM3 (UUID: ${GPU})
GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-1)
  MIG 3g.40gb     Device  0: (UUID: ${MIG})
  MIG 3g.40gb     Device  1: (UUID: MIG-2)
`;
  expect(listed(text)).toEqual(["0", MIG, "MIG-2"]);
});

test("servers share the GPUs; too few for one more are left over", () => {
  expect(shareGpus(["0", "1", "2", "3", "4"], 2, "n1")).toEqual([
    ["0", "1"],
    ["2", "3"],
  ]);
});
