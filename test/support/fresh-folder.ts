import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, TestRunner } from "vitest";

const ofFile = new Set<string>();

/** A fresh folder that is gone after the test, or, made before all tests of a file, after the last of them. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "figloom-test-"));
  if (TestRunner.getCurrentTest() === undefined) ofFile.add(folder);
  else onTestFinished(() => remove(folder));
  return folder;
}

/** Removes those of a file's tests together. */
export async function removeFolders(): Promise<void> {
  await Promise.all([...ofFile].map(remove));
  ofFile.clear();
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
