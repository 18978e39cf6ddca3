import fc from "fast-check";

const ELEMENTS =
  `sec p fig fig-group table-wrap table caption title label graphic alternatives xref sup sub italic bold list list-item
  boxed-text disp-formula inline-formula inline-graphic media supplementary-material fn sub-article body front front-stub
  article-meta title-group article-title abstract permissions license license-p ali:license_ref ext-link article-categories
  subj-group subject back app-group app floats-group tex-math mml:math mml:mi mml:mo mml:mn mml:mrow mml:msub mml:msup mml:mfrac
  mml:mover mml:mfenced mml:mmultiscripts mml:mprescripts mml:none mml:mtable mml:mtr mml:mtd mml:semantics chem-struct-wrap
  named-content break td tr ref-list ref mixed-citation article`.split(/\s+/);
const IDS = ["f1", "f2", "t1", "g", "r1", "f1 f2", "", "x y f1"];
const VALUES = [
  ...IDS,
  "a.jpg",
  "a",
  "../../etc/passwd",
  "fig",
  "bibr",
  "graphical",
  "info:doi/10.1/a.g001",
  "%20%zz",
  "double-struck",
  "0",
];
const ATTRIBUTES =
  "id rid ref-type xlink:href xml:lang abstract-type license-type linethickness mathvariant open separators mimetype specific-use".split(
    " ",
  );
const TEXTS = [
  "Figure 1", "Figure 1A–", "Figs. 2–4", "Fig. S2.", "(continued)", "Figure 1—figure supplement 2", "(A) Left. (B) Right.", "see", " ", "\n", "[", "]", "(", ")", ",", ";", "–",
  "&amp;", "&lt;", "&#955;", "&#x1D6FC;", "&alpha;", "&agr;", "&nowhere;", "<![CDATA[<p>]]>", "<!-- x -->", "<?x y?>", "é", "𝛼", "\uf8f0", "\uf8f1",
  "\\documentclass{minimal}\\begin{document}$$\\frac{a}{b}$$\\end{document}", "\\frac{", "x^{", "10.1/x", "Creative Commons Attribution 4.0", "CC BY-NC",
]; // prettier-ignore
/** What makes XML ill-formed; seldom, since a reader of such a file stops there. */
const BROKEN = ["&", "<", "<p>", "</p>", "]]>", "&#0;", "&#xFFFFFFFF;", "<!-- -- -->", "\u0000", "￾"];

const attributes = fc
  .array(fc.tuple(fc.constantFrom(...ATTRIBUTES), fc.constantFrom(...VALUES)), { maxLength: 3 })
  .map((pairs) => [...new Map(pairs)].map(([name, value]) => ` ${name}="${value}"`).join(""));

const { content } = fc.letrec<{ content: string; piece: string }>((tie) => ({
  content: fc.array(tie("piece"), { maxLength: 7, depthIdentifier: "jats" }).map((pieces) => pieces.join("")),
  piece: fc.oneof(
    { depthSize: "small", withCrossShrink: true, depthIdentifier: "jats" },
    { arbitrary: fc.constantFrom(...TEXTS), weight: 40 },
    { arbitrary: fc.constantFrom(...BROKEN), weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...ELEMENTS), attributes, tie("content"))
        .map(([name, written, inner]) => `<${name}${written}>${inner}</${name}>`),
      weight: 80,
    },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...IDS), fc.constantFrom(...TEXTS), tie("content"))
        .map(
          ([id, label, caption]) =>
            `<fig id="${id}"><label>${label}</label><caption><p>${caption}</p></caption><graphic xlink:href="a.jpg"/></fig>`,
        ),
      weight: 20,
    },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...IDS), fc.constantFrom(...TEXTS))
        .map(([id, printed]) => `<xref ref-type="fig" rid="${id}">${printed}</xref>`),
      weight: 20,
    },
    { arbitrary: fc.tuple(tie("content"), fc.nat(40)).map(([inner, times]) => inner.slice(0, 200).repeat(times)), weight: 8 },
  ),
})); // prettier-ignore

const DOCTYPES = [
  "",
  `<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "a.dtd">`,
  `<!DOCTYPE article [<!ENTITY alpha "a"><!ENTITY b "&alpha;&alpha;"><!ENTITY c SYSTEM "file:///etc/hostname"><!ENTITY % d "x">%d;]>`,
];

/** A JATS article out of the elements that real ones have, nested without regard for the tag set. */
export const jatsSource: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...DOCTYPES), content, fc.array(content, { maxLength: 5 }), content)
  .map(
    ([doctype, meta, bodies, back]) =>
      `<?xml version="1.0"?>${doctype}<article xmlns:xlink="x" xmlns:mml="m"><front><article-meta>${meta}</article-meta></front><body>${bodies.join("")}</body><back>${back}</back></article>`,
  );

/** What mutations of real articles put in. */
export const JATS_WORDS = [
  ...TEXTS,
  ...ELEMENTS.flatMap((name) => [`<${name}>`, `</${name}>`, `<${name}/>`]),
];
