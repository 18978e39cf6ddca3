import { expect, test } from "vitest";
import { isAbsolute, serverPath } from "../../../extension/src/common/files.js";

test("a file below the server's root has a path there", () => {
  expect(serverPath("/srv/work/data/a b.png", "/srv/work")).toBe("data/a b.png");
  expect(serverPath("/srv/work/data/a.png", "/srv/work/")).toBe("data/a.png");
  expect(serverPath("/srv/a.png", "/")).toBe("srv/a.png");
  expect(serverPath("C:\\work\\data\\a.png", "C:/work")).toBe("data/a.png");
});

test("a file elsewhere has none, nor one whose folder only begins alike", () => {
  expect(serverPath("/srv/other/a.png", "/srv/work")).toBeNull();
  expect(serverPath("/srv/workshop/a.png", "/srv/work")).toBeNull();
});

test("a root in the home folder is found without knowing the home", () => {
  expect(serverPath("/home/ada/figures/data/a.png", "~/figures")).toBe("data/a.png");
  expect(serverPath("/root/figures/data/a.png", "~/figures")).toBe("data/a.png");
  expect(serverPath("/Users/ada/data/a.png", "~")).toBe("data/a.png");
  expect(serverPath("/mnt/ceph/home/ada/data/a.png", "~")).toBe("data/a.png");
  expect(serverPath("/data/people/ada/figures/a.png", "~/figures")).toBe("a.png");
  expect(serverPath("/data/a.png", "~")).toBeNull();
  expect(serverPath("/home/ada/other/a.png", "~/figures")).toBeNull();
});

test("absolute paths are told from others on every system", () => {
  expect(["/a", "C:\\a", "c:/a", "\\\\host\\a"].map(isAbsolute)).toEqual([true, true, true, true]);
  expect(["a", "./a", "../a", ""].map(isAbsolute)).toEqual([false, false, false, false]);
});
