import { describe, expect, it } from "vitest";
import {
  isAtWork,
  parseDocling,
  taskOf,
} from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/docling.js";
import { parseMineru } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/mineru.js";
import { LayoutError } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/problems.js";
import { MAX_REGIONS } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/region.js";

const middle = (blocks: unknown, page: object = {}) => ({
  results: {
    paper: {
      middle_json: JSON.stringify({
        pdf_info: [{ page_idx: 1, page_size: [200, 400], para_blocks: blocks, ...page }],
      }),
    },
  },
});
const image = (bbox: unknown, ...captions: unknown[]) => ({
  type: "image",
  bbox,
  blocks: [
    { type: "image_body", bbox },
    ...captions.map((caption) => ({ type: "image_caption", bbox: caption })),
  ],
});

describe("MinerU's answer", () => {
  it("has boxes as shares of the page, with their captions", () => {
    expect(parseMineru(middle([image([50, 100, 150, 200], [50, 220, 150, 240])]))).toEqual([
      { kind: "figure", page: 2, box: [0.25, 0.25, 0.75, 0.5], captions: [[0.25, 0.55, 0.75, 0.6]] },
    ]);
  });

  it("has tables, and charts as figures; text and formulas are neither", () => {
    const block = (type: string) => ({ type, bbox: [0, 0, 100, 100], blocks: [] });
    const kinds = ["text", "table", "interline_equation", "chart", "list"].map(block);
    expect(parseMineru(middle(kinds)).map(({ kind }) => kind)).toEqual(["table", "figure"]);
  });

  it("has its parts' boxes and not those around parts and captions", () => {
    const block = {
      type: "image",
      bbox: [0, 0, 200, 400],
      blocks: [
        { type: "image_body", bbox: [0, 0, 90, 100] },
        { type: "image_body", bbox: [110, 0, 200, 100] },
        { type: "image_footnote", bbox: [0, 300, 200, 310] },
      ],
    };
    expect(parseMineru(middle([block])).map(({ box }) => box)).toEqual([
      [0, 0, 0.45, 0.25],
      [0.55, 0, 1, 0.25],
    ]);
  });

  it.each<[string, unknown]>([
    ["no list", "left of it"],
    ["too few", [1, 2, 3]],
    ["too many", [1, 2, 3, 4, 5]],
    ["text", ["1", "2", "30", "40"]],
    ["null, as NaN is written", [null, 2, 30, 40]],
    ["upside down", [10, 300, 100, 200]],
    ["without width", [10, 20, 10, 200]],
    ["off the page", [210, 20, 300, 200]],
    ["above the page", [10, -200, 100, -20]],
  ])("is taken without a box of which the edges are %s", (_, bbox) => {
    expect(parseMineru(middle([image(bbox), image([0, 0, 100, 100])]))).toHaveLength(1);
  });

  it("has boxes clipped to the page", () => {
    expect(parseMineru(middle([image([-50, -1e300, 100, 1e300])]))[0]!.box).toEqual([0, 0, 0.5, 1]);
  });

  it.each([[[0, 400]], [[-200, 400]], [[200]], ["A4"], [null]])(
    "says nothing about a page of size %j",
    (size) => {
      expect(parseMineru(middle([image([0, 0, 100, 100])], { page_size: size }))).toEqual([]);
    },
  );

  it("is taken up to a number of regions", () => {
    const many = Array.from({ length: MAX_REGIONS + 100 }, () => image([0, 0, 100, 100]));
    expect(parseMineru(middle(many))).toHaveLength(MAX_REGIONS);
  });

  it.each([
    [null],
    [[]],
    ["done"],
    [{ error: "no" }],
    [{ results: {} }],
    [{ results: { paper: {} } }],
    [{ results: { paper: { middle_json: "<html>" } } }],
    [{ results: { paper: { middle_json: '{"pdf_info": 3}' } } }],
  ])("is refused when it is %j", (answer) => expect(() => parseMineru(answer)).toThrow(LayoutError));
});

const document = (content: object) => ({
  status: "success",
  errors: [],
  document: {
    json_content: { pages: { "1": { page_no: 1, size: { width: 200, height: 400 } } }, ...content },
  },
});
const at = (l: number, t: number, r: number, b: number, coord_origin = "BOTTOMLEFT", page_no = 1) => [
  { page_no, bbox: { l, t, r, b, coord_origin } },
];

describe("docling-serve's answer", () => {
  it("has boxes from the bottom of the page, and captions by reference", () => {
    const answer = document({
      pictures: [{ prov: at(50, 300, 150, 200), captions: [{ $ref: "#/texts/1" }] }],
      texts: [{ prov: at(0, 10, 9, 0) }, { prov: at(50, 180, 150, 160) }],
    });
    expect(parseDocling(answer)).toEqual([
      { kind: "figure", page: 1, box: [0.25, 0.25, 0.75, 0.5], captions: [[0.25, 0.55, 0.75, 0.6]] },
    ]);
  });

  it("has boxes from the top of the page", () => {
    const answer = document({ tables: [{ prov: at(50, 100, 150, 200, "TOPLEFT"), captions: [] }] });
    expect(parseDocling(answer)).toEqual([
      { kind: "table", page: 1, box: [0.25, 0.25, 0.75, 0.5], captions: [] },
    ]);
  });

  it("is taken without captions that refer to nothing, and without regions on pages that it does not have", () => {
    const captions = ["#/texts/7", "#/pictures/0", "../texts/0", 4, null].map(($ref) => ({ $ref }));
    const answer = document({
      pictures: [
        { prov: at(0, 400, 200, 0), captions },
        { prov: at(0, 400, 200, 0, "BOTTOMLEFT", 9) },
        null,
        3,
      ],
    });
    expect(parseDocling(answer)).toEqual([{ kind: "figure", page: 1, box: [0, 0, 1, 1], captions: [] }]);
  });

  it.each([
    [null],
    [{}],
    [{ document: {} }],
    [{ document: { json_content: null } }],
    [{ status: "failure" }],
  ])("is refused when it is %j", (answer) => expect(() => parseDocling(answer)).toThrow(LayoutError));

  it("passes on why it could not read a paper", () => {
    const answer = { status: "failure", errors: [{ error_message: "Page 3\nis broken" }] };
    expect(() => parseDocling(answer)).toThrow("it could not read the file: Page 3 is broken");
  });
});

describe("a task of docling-serve", () => {
  it.each([[{}], [{ task_id: 4 }], [{ task_id: "../../admin" }], [{ task_id: "" }], [null]])(
    "has a name, which is not in %j",
    (answer) => expect(() => taskOf(answer)).toThrow(LayoutError),
  );
  it.each([
    ["pending", true],
    ["started", true],
    ["success", false],
    ["partial_success", false],
  ])("that is %s is at work: %s", (task_status, expected) =>
    expect(isAtWork({ task_status })).toBe(expected),
  );
  it.each([["failure"], ["skipped"], ["lost"], [undefined]])("that is %s is given up", (task_status) =>
    expect(() => isAtWork({ task_status })).toThrow(LayoutError),
  );
});
