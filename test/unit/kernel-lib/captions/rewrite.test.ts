import { expect, test } from "vitest";
import { rewrite } from "../../../../kernel-lib/src/captions/extractive/rewrite.js";

const figure = { float: "figure", number: "3" } as const;

test.each([
  ["As shown in Fig. 3, the flux of the star drops twice.", "The flux of the star drops twice."],
  ["As can be seen from Figure 3(a), the flux drops twice.", "In panel a, the flux drops twice."],
  ["Figure 3 shows that the flux of the star drops twice.", "The flux of the star drops twice."],
  ["It can be seen from Fig. 3 that the stellar flux drops.", "The stellar flux drops."],
  ["From Figure 3, we see that the stellar flux drops twice.", "The stellar flux drops twice."],
  ["Figure 3 shows the flux of the star over ninety days.", "The flux of the star over ninety days."],
  ["In Fig. 3 we plot the flux of the quiet star against time.", "The flux of the quiet star against time."],
  ["The flux of the quiet star is shown in Figure 3.", "The flux of the quiet star."],
  ["Figure 3 shows the flux and compares two quiet stars.", "The figure shows the flux and compares two quiet stars."],
  ["Figure 3b shows the residuals of the stellar model.", "Panel b shows the residuals of the stellar model."],
  ["The flux drops twice within a day (Fig. 3).", "The flux drops twice within a day."],
  ["The flux drops twice (Fig. 3a, blue line) within a day.", "The flux drops twice (panel a, blue line) within a day."],
  ["The flux drops (see Fig. 2) twice within a single day.", "The flux drops twice within a single day."],
  ["The stellar flux drops twice, as shown in Figure 3.", "The stellar flux drops twice."],
  ["The residuals shown in Fig. 3 have no trend with time.", "The residuals shown here have no trend with time."],
  ["However, the stellar flux in Figure 3 has no trend at all.", "The stellar flux in this figure has no trend at all."],
  ["Figure 3 suggests that the stellar flux drops twice.", "The figure suggests that the stellar flux drops twice."],
  ["In Figure 3 (left panel), the stellar flux drops twice.", "In the left panel, the stellar flux drops twice."],
])("%s", (sentence, expected) => {
  expect(rewrite(sentence, figure)).toEqual({ text: expected, dangling: false });
}); // prettier-ignore

test.each([
  ["another figure", "The flux in Fig. 2 drops twice within a day."],
  ["several figures", "Figures 3 and 4 show the flux of quiet stars."],
  ["a table", "Table 2 lists the stars of the whole catalogue."],
  ["the authors", "In Figure 3 we compare our model with the quiet stars."],
  ["a place in the paper", "The flux of stars is discussed in this section at length."],
  ["an earlier place", "The method described above gives the flux of stars."],
  ["a lost citation", "The flux was measured by , and it drops twice a day."],
  ["a citation lost in the middle", "The drop of flux predicted in does not extend to dwarfs."],
  ["several figures at once", "These figures show that the stellar flux drops twice."],
  ["half a sentence", "where the flux of the star is measured in janskys."],
  ["a question", "Why does the flux of the star drop twice a day?"],
  ["a lead to an equation", "The flux of the quiet star is given as follows:"],
  ["nothing", "The results are shown in Figure 3."],
])("a sentence about %s does not join a caption", (_, sentence) => {
  expect(rewrite(sentence, figure)).toBeNull();
});

test.each(["This means the stellar flux drops twice.", "It drops twice within a single day.", "By contrast, quiet stars keep a steady flux."])(
  "%s points back",
  (sentence) => expect(rewrite(sentence, figure)?.dangling).toBe(true),
); // prettier-ignore

test("a table's own references are to tables", () => {
  const table = { float: "table", number: "2" } as const;
  expect(rewrite("Table 2 lists and ranks the quiet stars of Kepler.", table)?.text).toBe(
    "The table lists and ranks the quiet stars of Kepler.",
  );
});
