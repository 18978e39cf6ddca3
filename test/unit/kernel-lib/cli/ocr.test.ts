import { afterEach, expect, test, vi } from "vitest";
import { ocrCommand } from "../../../../kernel-lib/src/cli/ocr.js";
import { MODEL } from "../../cluster/mock-server/client.js";
import { setting } from "../ocr/vllm/setting.js";

afterEach(() => void vi.restoreAllMocks());

const run = (...args: string[]) => ocrCommand().parseAsync(args, { from: "user" });

test("a model on a server reads, and the result is told as JSON", async () => {
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  const said = vi.spyOn(console, "log").mockReturnValue(undefined);
  const { server, lab, asked } = await setting(2);
  await run(
    lab.path,
    "--reader",
    "vllm",
    "--endpoint",
    server.url,
    "--model",
    MODEL,
    "--limit",
    "1",
    "--json",
  );
  expect(JSON.parse(said.mock.calls.at(-1)![0] as string)).toMatchObject({
    reader: expect.stringContaining(`${MODEL}@vllm`) as string,
    made: 1,
    quarantined: 0,
  });
  expect(asked()).toBe(1);
});

test.each([
  [["--endpoint", "http://gpu1:8000"], "--endpoint is for --reader vllm"],
  [["--reader", "tesseract", "--model", "m"], "--model is for --reader ppocr and vllm, not for tesseract"],
  [["--reader", "vllm", "--jobs", "2"], "--jobs is for --reader tesseract"],
  [["--reader", "ppocr", "--jobs", "2"], "--jobs is for --reader tesseract"],
  [["--reader", "vllm", "--endpoint", "no address"], "no address"],
])("flags that do not go together are told before the dataset is opened: %s", async (flags, message) => {
  await expect(run("nowhere", ...flags)).rejects.toMatchObject({
    name: "ConfigurationError",
    message: expect.stringContaining(message) as string,
  });
});
