import { describe, expect, it } from "vitest";
import { readerOf, readerSpec } from "../../../../kernel-lib/src/ocr/spec.js";

describe("what makes a reader of text on pictures anew", () => {
  it("is a name or plain JSON", () => {
    expect(readerSpec("tesseract")).toEqual({ kind: "tesseract" });
    const spec = { kind: "vllm", model: "org/model", endpoints: ["http://gpu1:8000"] };
    expect(readerSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
    expect(readerOf("tesseract", { jobs: 3 })).toMatchObject({
      id: expect.stringContaining("tesseract-eng@") as string,
      concurrency: 3,
    });
  });

  it.each([
    ["abbyy", "there is: tesseract, ppocr, vllm"],
    [null, "there is: tesseract, ppocr, vllm"],
    [{ kind: "tesseract", program: "/tmp/evil" }, '"tesseract" is not right'],
    [{ kind: "ppocr", folder: "/tmp" }, '"ppocr" is not right'],
    [{ kind: "vllm", endpoints: [] }, "endpoints"],
    [{ kind: "vllm", model: 1 }, "model"],
  ])("is refused where there is no such reader, or it takes no such option: %j", (asked, message) => {
    expect(() => readerSpec(asked)).toThrow(
      expect.objectContaining({
        name: "ConfigurationError",
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});
