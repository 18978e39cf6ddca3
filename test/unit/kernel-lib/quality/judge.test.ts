import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import { FLAGS } from "../../../../kernel-lib/src/quality/flags.js";
import { judge, type Facts } from "../../../../kernel-lib/src/quality/judge.js";
import { completeLimits, limitName, type Limits } from "../../../../kernel-lib/src/quality/limits.js";

/** A figure that nothing is wrong with. */
const GOOD: Facts = {
  figure_id: "p1#fig2",
  figure_run: "000001-ingest",
  paper_id: "p1",
  float: "figure",
  image_path: "images/p1/fig2.png",
  image_missing: null,
  image_problem: null,
  image_bytes: 60_000,
  width: 800,
  height: 600,
  entropy: 1,
  colours: 40,
  content: 0.05,
  words: 12,
  prose: 0.85,
  commands: 0,
  language: "en",
  caption_characters: 80,
  contexts: 2,
  same_file: null,
  copy: null,
  same_caption: null,
  caption_agrees: true,
};

const judged = (over: Partial<Facts>, limits: Partial<Limits> = {}, languages = ["en"]) =>
  judge({ ...GOOD, ...over }, { limits: completeLimits(limits), languages });
const flags = (...args: Parameters<typeof judged>) => judged(...args).marks.map(({ flag }) => flag);

describe("judging a figure", () => {
  it("finds nothing wrong with an ordinary one", () => {
    expect(judged({})).toEqual({
      figure_id: "p1#fig2",
      figure_run: "000001-ingest",
      language: "en",
      marks: [],
    });
  });

  it.each<[string, Partial<Facts>]>([
    ["picture-missing", { image_path: null, image_missing: "There is no such file." }],
    ["picture-corrupt", { image_problem: "the file is gone", image_bytes: null, content: null }],
    ["picture-blank", { content: 0 }],
    ["picture-small-file", { image_bytes: 5119 }],
    ["picture-tiny", { width: 63, height: 40 }],
    ["picture-low-resolution", { width: 223, height: 150 }],
    ["picture-extreme-aspect", { width: 1601, height: 160 }],
    ["exact-duplicate", { same_file: { figure_id: "p0#fig1", paper_id: "p0" } }],
    ["near-duplicate", { copy: { figure_id: "p1#fig1", paper_id: "p1", likeness: 0.97 } }],
    ["caption-empty", { caption_characters: 0, words: 0, prose: null }],
    ["caption-label-only", { caption_characters: 8, words: 0 }],
    ["caption-short", { words: 2 }],
    ["caption-long", { caption_characters: 3001 }],
    ["caption-not-language", { prose: 0.39 }],
    ["caption-latex", { commands: 1 }],
    ["duplicate-caption", { same_caption: { figure_id: "p0#fig1", paper_id: "p0" } }],
    ["other-language", { language: "de" }],
    ["no-context", { contexts: 0 }],
  ])("marks %s, and nothing else", (flag, over) => {
    expect(flags(over)).toEqual([flag]);
    expect(Object.keys(FLAGS)).toContain(flag);
  });

  it("tells the value, the limit and the reason", () => {
    expect(judged({ image_bytes: 1200 }).marks).toEqual([
      {
        flag: "picture-small-file",
        reason: "The picture file has 1200 bytes, fewer than 5120.",
        value: 1200,
        limit: 5120,
        of: null,
      },
    ]);
    expect(judged({ copy: { figure_id: "p0#fig1", paper_id: "p0", likeness: 0.97 } }).marks).toEqual([
      {
        flag: "near-duplicate",
        reason: "The picture is a copy of that of p0#fig1, in another paper.",
        value: 0.97,
        limit: 0.92,
        of: "p0#fig1",
      },
    ]);
  });

  it("goes by the limits that are given", () => {
    expect(flags({ image_bytes: 1200 }, { imageBytes: 1000 })).toEqual([]);
    expect(flags({ language: "de" }, {}, ["en", "de"])).toEqual([]);
    expect(flags({ width: 100, height: 80 }, { lowSide: 90 })).toEqual([]);
  });

  it("says when a repeated picture has another caption", () => {
    const same_file = { figure_id: "p1#fig1", paper_id: "p1" };
    expect(flags({ same_file, caption_agrees: false })).toEqual([
      "exact-duplicate",
      "same-image-other-caption",
    ]);
  });

  it("asks no picture of a table that is text, nor a language of one with too little of it", () => {
    expect(flags({ float: "table", image_path: null })).toEqual([]);
    expect(flags({ language: null })).toEqual([]);
  });
});

describe("limits", () => {
  it("have a name in code and one on the command line", () => {
    expect(limitName("image-bytes")).toBe("imageBytes");
    expect(limitName("imageBytes")).toBe("imageBytes");
  });

  it("refuse what there is not", () => {
    expect(() => completeLimits({ beauty: 1 } as Partial<Limits>)).toThrow(ConfigurationError);
    expect(() => completeLimits({ imageBytes: -1 })).toThrow(
      "The limit image-bytes is a number from 0, not -1.",
    );
    expect(() => limitName("size")).toThrow('There is no limit "size"; there are: image-bytes, ');
  });
});
