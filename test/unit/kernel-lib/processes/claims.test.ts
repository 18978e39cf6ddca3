import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  forgetEarlier,
  giveBack,
  identify,
  latestClaim,
  stands,
  takeClaim,
} from "../../../../kernel-lib/src/processes/index.js";

const self = identify(process.pid)!;
const dead = JSON.stringify({ ...self, started: "1" });

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "figloom-claims-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("there is one holder while it lives, and another with the next number when it is dead", () => {
  const folder = freshFolder();
  expect(takeClaim(folder, {})).toMatchObject({ number: 1, holder: { pid: process.pid } });
  expect(takeClaim(folder, {})).toBeUndefined();

  // The same pid, but of a process that started at another time.
  writeFileSync(join(folder, "1.json"), dead);
  expect(takeClaim(folder, {})).toMatchObject({ number: 2 });
  expect(latestClaim(folder)).toMatchObject({ number: 2, holder: self });
});

test("what another machine holds is not taken", () => {
  const folder = freshFolder();
  writeFileSync(join(folder, "1.json"), JSON.stringify({ ...self, host: "another-machine" }));
  expect(takeClaim(folder, {})).toBeUndefined();
});

test("what another machine holds is taken from it by whoever knows it to be silent, and no later claim with it", () => {
  const folder = freshFolder();
  const far = JSON.stringify({ ...self, host: "another-machine" });
  writeFileSync(join(folder, "4.json"), far);
  expect(takeClaim(folder, {}, 3)).toBeUndefined();
  expect(takeClaim(folder, {}, 4)).toMatchObject({ number: 5, holder: self });
  expect(takeClaim(folder, {}, 4)).toBeUndefined();
});

test("a claim stands until it is given back, or forgotten by who has taken over", () => {
  const folder = freshFolder();
  const mine = takeClaim(folder, {})!;
  expect(stands(folder, mine)).toBe(true);
  const next = takeClaim(folder, {}, mine.number)!;
  expect(stands(folder, mine)).toBe(true);
  forgetEarlier(folder, next);
  expect([mine, next].map((claim) => stands(folder, claim))).toEqual([false, true]);
  giveBack(folder, next);
  expect(stands(folder, next)).toBe(false);
});

test("a claim that is given back can be taken by the next, with what that one says of itself", () => {
  const folder = freshFolder();
  const mine = takeClaim(folder, { work: "reading" })!;
  expect(latestClaim(folder)).toMatchObject({ holder: { work: "reading" } });
  giveBack(folder, mine);
  expect(latestClaim(folder)).toEqual({ number: 1, holder: null });
  expect(takeClaim(folder, { work: "scoring" })).toMatchObject({ number: 2, holder: { work: "scoring" } });
});

test("giving back leaves alone what somebody else has taken since, or deleted", () => {
  const folder = freshFolder();
  const mine = takeClaim(folder, {})!;
  const other = JSON.stringify({ ...self, host: "another-machine" });
  writeFileSync(join(folder, "1.json"), other);
  giveBack(folder, mine);
  expect(readFileSync(join(folder, "1.json"), "utf8")).toBe(other);
  rmSync(join(folder, "1.json"));
  giveBack(folder, mine);
  expect(readdirSync(folder)).toEqual([]);
});

test("a number that was forgotten meanwhile is not taken a second time", () => {
  const folder = freshFolder();
  writeFileSync(join(folder, "1.json"), dead);
  const slow = { ...self };
  // Between this process's looking and its taking, another takes number 2 and forgets number 1.
  Object.defineProperty(slow, "toJSON", {
    enumerable: false,
    value() {
      writeFileSync(join(folder, "3.json"), dead);
      rmSync(join(folder, "1.json"), { force: true });
      return { ...self };
    },
  });
  const note = { note: slow };
  expect(takeClaim(folder, note)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["3.json"]);
});

test("a folder that sees many claims keeps the last one", () => {
  const folder = freshFolder();
  for (let i = 0; i < 3; i++) {
    const mine = takeClaim(folder, {})!;
    forgetEarlier(folder, mine);
    giveBack(folder, mine);
  }
  expect(readdirSync(folder)).toEqual(["3.json"]);
});
