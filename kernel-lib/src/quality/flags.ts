/** What a figure can be marked with, in the order that the summary has. */
export const FLAGS = {
  "picture-missing": "there is no picture",
  "picture-corrupt": "the picture file is gone, changed or damaged",
  "picture-blank": "there is nothing to see in the picture",
  "picture-small-file": "the picture file is very small",
  "picture-tiny": "the picture has hardly any pixels",
  "picture-low-resolution": "the picture is smaller than what models look at",
  "picture-extreme-aspect": "the picture is a narrow strip",
  "exact-duplicate": "the same picture file as an earlier figure",
  "near-duplicate": "a copy of an earlier figure's picture",
  "same-image-other-caption": "an earlier figure's picture with another caption",
  "caption-empty": "there is no caption",
  "caption-label-only": "the caption only names the figure",
  "caption-short": "the caption has very few words",
  "caption-long": "the caption is very long",
  "caption-not-language": "the caption is mostly formulas, numbers or markup",
  "caption-latex": "TeX commands are left over in the caption",
  "duplicate-caption": "the same caption as an earlier figure",
  "other-language": "the text is in another language",
  "no-context": "no paragraph of the paper refers to the figure",
} as const;
export type Flag = keyof typeof FLAGS;
