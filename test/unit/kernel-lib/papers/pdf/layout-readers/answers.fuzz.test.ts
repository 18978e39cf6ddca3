import fc from "fast-check";
import { expect, test } from "vitest";
import { adoptLayout } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/adopt.js";
import { parseDocling } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/docling.js";
import { parseMineru } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/mineru.js";
import { LayoutError } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/problems.js";
import type { LayoutRegion } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/region.js";
import { findFloats } from "../../../../../../kernel-lib/src/papers/pdf/floats.js";
import { readLayout } from "../../../../../../kernel-lib/src/papers/pdf/layout.js";
import type { Page } from "../../../../../../kernel-lib/src/papers/pdf/page.js";
import { lineOf, page, run } from "../set-page.js";

const anything = fc.jsonValue({ maxDepth: 3 });
const or = <T>(likely: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary: likely }, anything);
const edge = or(fc.oneof(fc.double({ min: -100, max: 900 }), fc.constantFrom(NaN, Infinity, 1e300, -0)));
const edges = or(fc.array(edge, { minLength: 4, maxLength: 4 }));
const many = (item: fc.Arbitrary<unknown>) => or(fc.array(item, { maxLength: 5 }));

const part = or(
  fc.record({ type: or(fc.constantFrom("image_body", "image_caption", "table_body")), bbox: edges }),
);
const block = or(
  fc.record({ type: or(fc.constantFrom("image", "chart", "table")), bbox: edges, blocks: many(part) }),
);
const minerus = or(
  fc.record({
    page_idx: or(fc.constantFrom(0, 1)),
    page_size: or(fc.constant([612, 792])),
    para_blocks: many(block),
  }),
);
const mineruAnswer = or(
  many(minerus).map((pdf_info) => ({ results: { paper: { middle_json: JSON.stringify({ pdf_info }) } } })),
);

const bbox = or(
  fc.record({
    l: edge,
    t: edge,
    r: edge,
    b: edge,
    coord_origin: or(fc.constantFrom("BOTTOMLEFT", "TOPLEFT")),
  }),
);
const prov = many(or(fc.record({ page_no: or(fc.constantFrom(1, 2)), bbox })));
const reference = or(
  fc.record({ $ref: or(fc.constantFrom("#/texts/0", "#/texts/1", "#/body", "#/texts/99")) }),
);
const doclingAnswer = or(
  fc.record({
    status: or(fc.constantFrom("success", "failure")),
    document: or(
      fc.record({
        json_content: or(
          fc.record({
            pages: or(fc.constant({ "1": { size: { width: 612, height: 792 } } })),
            texts: many(or(fc.record({ prov }))),
            pictures: many(or(fc.record({ prov, captions: many(reference) }))),
            tables: many(or(fc.record({ prov, captions: many(reference) }))),
          }),
        ),
      }),
    ),
  }),
);

const isShare = (box: readonly number[]) =>
  box.length === 4 && box.every((edge) => edge >= 0 && edge <= 1) && box[0]! < box[2]! && box[1]! < box[3]!;

test.each([
  ["MinerU", mineruAnswer, parseMineru],
  ["docling-serve", doclingAnswer, parseDocling],
] as const)("whatever %s answers gives boxes on pages, or is refused", (_, answers, parse) => {
  fc.assert(
    fc.property(answers, (answer) => {
      let regions: LayoutRegion[];
      try {
        regions = parse(answer);
      } catch (error) {
        expect(error).toBeInstanceOf(LayoutError);
        return;
      }
      for (const { page, box, captions } of regions) {
        expect(Number.isInteger(page)).toBe(true);
        expect([box, ...captions].every(isShare)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

const share = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
  .map(([a, b, c, d]) => [Math.min(a!, c!), Math.min(b!, d!), Math.max(a!, c!), Math.max(b!, d!)] as const)
  .filter(isShare);
const regions = fc.array(
  fc.record({
    kind: fc.constantFrom("figure" as const, "table" as const),
    page: fc.constantFrom(1, 1, 2, -3),
    box: share,
    captions: fc.array(share, { maxLength: 3 }),
  }),
  { maxLength: 30 },
);

test("whatever the regions are, floats stay the same but for their place, which is on the page", () => {
  const words = "the river carries sand and small stones down to a wide plain where water slows here";
  const said = (y: number, text: string) => lineOf([run(text, 72, y, { size: 10 })]);
  const shown: Page = {
    ...page([
      ...Array.from({ length: 20 }, (_, i) => said(80 + 12 * i, words)),
      said(500, "Figure 1: What the river carries"),
      said(700, "Figure 2: What it leaves"),
    ]),
    images: [
      [100, 350, 300, 480],
      [100, 520, 300, 690],
    ],
  };
  const layout = readLayout([shown]);
  const floats = findFloats(layout);
  expect(floats).toHaveLength(2);
  fc.assert(
    fc.property(regions, (said) => {
      const adopted = adoptLayout(floats, { reader: "mineru", regions: said }, layout);
      expect(adopted.map(({ number, caption }) => [number, caption])).toEqual(
        floats.map(({ number, caption }) => [number, caption]),
      );
      for (const { box, confidence } of adopted) {
        expect(box![0] < box![2] && box![1] < box![3]).toBe(true);
        expect(
          box![0] >= -1 && box![1] >= -1 && box![2] <= shown.width + 1 && box![3] <= shown.height + 1,
        ).toBe(true);
        expect(confidence >= 0 && confidence <= 1).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
