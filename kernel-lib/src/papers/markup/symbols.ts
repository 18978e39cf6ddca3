/** What single commands print: Unicode for symbols, accents, scripts. */

function table(text: string): Map<string, string> {
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .map((entry) => {
        const at = entry.indexOf(":");
        return [entry.slice(0, at), entry.slice(at + 1)] as const;
      }),
  );
}

const GREEK = table(`
alpha:α beta:β gamma:γ delta:δ epsilon:ϵ varepsilon:ε zeta:ζ eta:η theta:θ vartheta:ϑ iota:ι kappa:κ varkappa:ϰ lambda:λ mu:μ nu:ν xi:ξ
omicron:ο pi:π varpi:ϖ rho:ρ varrho:ϱ sigma:σ varsigma:ς tau:τ upsilon:υ phi:ϕ varphi:φ chi:χ psi:ψ omega:ω digamma:ϝ
Gamma:Γ Delta:Δ Theta:Θ Lambda:Λ Xi:Ξ Pi:Π Sigma:Σ Upsilon:Υ Phi:Φ Psi:Ψ Omega:Ω
upalpha:α upbeta:β upgamma:γ updelta:δ upepsilon:ε uplambda:λ upmu:μ upnu:ν uppi:π uprho:ρ upsigma:σ uptau:τ upphi:φ upchi:χ uppsi:ψ upomega:ω
varGamma:Γ varDelta:Δ varTheta:Θ varLambda:Λ varSigma:Σ varPhi:Φ varPsi:Ψ varOmega:Ω micro:µ textmu:µ`);

/** Relations, printed with a space on either side. */
const RELATIONS = table(`
le:≤ leq:≤ leqslant:≤ ge:≥ geq:≥ geqslant:≥ lt:< gt:> ne:≠ neq:≠ approx:≈ sim:∼ simeq:≃ cong:≅ equiv:≡ propto:∝ ll:≪ gg:≫
lesssim:≲ gtrsim:≳ la:≲ ga:≳ lsim:≲ gsim:≳ prec:≺ succ:≻ preceq:⪯ succeq:⪰ in:∈ notin:∉ ni:∋ subset:⊂ subseteq:⊆ supset:⊃ supseteq:⊇
to:→ rightarrow:→ longrightarrow:→ leftarrow:← longleftarrow:← leftrightarrow:↔ longleftrightarrow:↔ Rightarrow:⇒ Longrightarrow:⇒
Leftarrow:⇐ Leftrightarrow:⇔ iff:⇔ implies:⇒ mapsto:↦ longmapsto:↦ uparrow:↑ downarrow:↓ updownarrow:↕ nearrow:↗ searrow:↘ rightleftharpoons:⇌
perp:⊥ parallel:∥ mid:| vdash:⊢ models:⊨ doteq:≐ triangleq:≜ coloneqq:≔ asymp:≍ lessgtr:≶ hookrightarrow:↪
lll:⋘ ggg:⋙ gtrless:≷ lesseqgtr:⋚ gtreqless:⋛ leqq:≦ geqq:≧ subsetneq:⊊ supsetneq:⊋ sqsubset:⊏ sqsubseteq:⊑ sqsupset:⊐ sqsupseteq:⊒
trianglelefteq:⊴ nsim:≁ nleq:≰ ngeq:≱ nless:≮ ngtr:≯ nmid:∤ nparallel:∦ nsubseteq:⊈ approxeq:≊ eqsim:≂ thicksim:∼ thickapprox:≈ backsim:∽
vDash:⊨ Vdash:⊩ dashv:⊣ bowtie:⋈ rightharpoonup:⇀ rightharpoondown:⇁ leftharpoonup:↼ leftharpoondown:↽ leftrightharpoons:⇋ rightsquigarrow:⇝
leadsto:⇝ Longleftrightarrow:⇔ Longleftarrow:⇐ twoheadrightarrow:↠ rightarrowtail:↣ leftrightarrows:⇆ rightleftarrows:⇄ rightrightarrows:⇉
circlearrowright:↻ circlearrowleft:↺ Uparrow:⇑ Downarrow:⇓ Updownarrow:⇕ swarrow:↙ nwarrow:↖ hookleftarrow:↩ dashrightarrow:⇢ eqqcolon:≕
coloneq:≔ eqdef:≝ gets:← owns:∋ preccurlyeq:≼ succcurlyeq:≽ precsim:≾ succsim:≿ textrightarrow:→ textleftarrow:← textapprox:≈ textless:<
textgreater:>`);

/** Binary operators, printed with a space on either side between operands. */
const OPERATORS = table(`
pm:± mp:∓ times:× div:÷ ast:∗ star:⋆ circ:∘ bullet:• cap:∩ cup:∪ wedge:∧ land:∧ vee:∨ lor:∨ oplus:⊕ ominus:⊖ otimes:⊗ odot:⊙ setminus:∖ sqcup:⊔ sqcap:⊓ uplus:⊎ ltimes:⋉ rtimes:⋊
boxplus:⊞ boxtimes:⊠ oslash:⊘ amalg:⨿ smallsetminus:∖ circledast:⊛ curlywedge:⋏ curlyvee:⋎ barwedge:⊼ veebar:⊻ Cup:⋓ Cap:⋒`);

const SYMBOLS = table(String.raw`
infty:∞ partial:∂ nabla:∇ forall:∀ exists:∃ nexists:∄ emptyset:∅ varnothing:∅ neg:¬ lnot:¬ angle:∠ measuredangle:∡ triangle:△ bigtriangleup:△
square:□ Box:□ blacksquare:■ Diamond:◇ diamond:⋄ lozenge:◊ blacklozenge:⧫ bigstar:★ blacktriangle:▲ blacktriangledown:▼ triangledown:▽ bigcirc:◯
triangleleft:◁ triangleright:▷ filledstar:★ CIRCLE:● Circle:○ checkmark:✓ dagger:† ddagger:‡ dag:† ddag:‡ S:§ P:¶ copyright:© pounds:£ euro:€ yen:¥
hbar:ℏ hslash:ℏ ell:ℓ Re:ℜ Im:ℑ wp:℘ aleph:ℵ imath:ı jmath:ȷ prime:′ degree:° textdegree:° deg:° celsius:°C sun:☉ Sun:☉ earth:⊕ textperthousand:‰
sum:∑ prod:∏ coprod:∐ int:∫ iint:∬ iiint:∭ oint:∮ bigcup:⋃ bigcap:⋂ bigoplus:⨁ bigotimes:⨂ surd:√ top:⊤ bot:⊥ cdot:· cdotp:· centerdot:·
ldots:… dots:… cdots:⋯ vdots:⋮ ddots:⋱ dotsc:… dotsb:⋯ textellipsis:… langle:⟨ rangle:⟩ lfloor:⌊ rfloor:⌋ lceil:⌈ rceil:⌉ lbrace:{ rbrace:}
lbrack:[ rbrack:] vert:| lvert:| rvert:| Vert:‖ lVert:‖ rVert:‖ |:‖ backslash:\ textbackslash:\ textbar:| textless:< textgreater:> textasciitilde:~
textasciicircum:^ textunderscore:_ textdollar:$ textquotesingle:' textquoteleft:‘ textquoteright:’ textquotedblleft:“ textquotedblright:” lq:‘ rq:’ ldq:“ rdq:”
textendash:– textemdash:— textbullet:• textperiodcentered:· textregistered:® texttrademark:™ textcopyright:© textmu:µ textohm:Ω textonehalf:½
texttimes:× textpm:± textminus:− textdagger:† textordmasculine:º textordfeminine:ª guillemotleft:« guillemotright:» TeX:TeX LaTeX:LaTeX
ss:ß ae:æ AE:Æ oe:œ OE:Œ o:ø O:Ø aa:å AA:Å l:ł L:Ł i:ı j:ȷ dh:ð DH:Ð th:þ TH:Þ ng:ŋ NG:Ŋ dj:đ DJ:Đ
%:% $:$ &:& #:# _:_ {:{ }:} flat:♭ sharp:♯ natural:♮ female:♀ male:♂ arcdeg:° arcmin:′ arcsec:″ farcs:.″ fdg:.° farcm:.′ fs:.ˢ fm:.ᵐ fh:.ʰ fd:.ᵈ fp:.ᵖ sq:□ micron:µm ohm:Ω
degr:° permil:‰ perthousand:‰ textcelsius:°C oiint:∯ eth:ð mho:℧ complement:∁ beth:ℶ spadesuit:♠ heartsuit:♥ clubsuit:♣ diamondsuit:♦
bigodot:⨀ bigvee:⋁ bigwedge:⋀ biguplus:⨄ bigsqcup:⨆ llbracket:⟦ rrbracket:⟧ ulcorner:⌜ urcorner:⌝ llcorner:⌞ lrcorner:⌟ blacktriangleright:▶
blacktriangleleft:◀ vartriangle:△ textsection:§ textparagraph:¶ texteuro:€ textnumero:№ textquestiondown:¿ textexclamdown:¡ slash:/
textonequarter:¼ textthreequarters:¾ textonesuperior:¹ texttwosuperior:² textthreesuperior:³ textdiv:÷ textfractionsolidus:⁄ textdaggerdbl:‡
textsterling:£ textyen:¥ textcent:¢ quotesinglbase:‚ quotedblbase:„ guilsinglleft:‹ guilsinglright:› glqq:„ grqq:“ glq:‚ grq:‘ flqq:« frqq:»
og:« fg:» Checkmark:✓ cmark:✓ xmark:✗ XSolidBrush:✗ Square:□ CheckedBox:☑ Letter:✉ SS:ẞ IJ:Ĳ ij:ĳ textbeta:β textalpha:α textgamma:γ
textdelta:δ textlambda:λ textkappa:κ texttheta:θ textomega:ω textsigma:σ textpi:π textphi:φ dotsm:⋯ dotsi:⋯ dotso:… mathellipsis:… lparen:(
rparen:) AmS:AMS BibTeX:BibTeX LaTeXe:LaTeX2e textvisiblespace:␣ textquotestraightdblbase:„ gimel:ℷ Bbbk:𝕜 varpropto:∝ therefore:∴
because:∵ Mercury:☿ Venus:♀ Mars:♂ Jupiter:♃ Saturn:♄ Uranus:♅ Neptune:♆ mercury:☿ venus:♀ mars:♂ jupiter:♃ saturn:♄ uranus:♅
neptune:♆ leftmoon:☾ grad:∇ laplacian:∇² curl:∇× arcs:″ arcm:′`);

/** What a command without arguments prints, and how TeX sets it among its neighbours. */
export interface Sign {
  text: string;
  kind: "letter" | "symbol" | "relation" | "operator";
}

/** The signs by their commands. */
export const SIGNS: ReadonlyMap<string, Sign> = new Map(
  (
    [
      ["letter", GREEK],
      ["operator", OPERATORS],
      ["relation", RELATIONS],
      ["symbol", SYMBOLS],
    ] as const
  ).flatMap(([kind, signs]) => Array.from(signs, ([name, text]) => [name, { text, kind }] as const)),
);

/** Names of functions, set upright with a space before their argument. */
export const FUNCTIONS = new Set(
  (
    "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan log ln lg exp lim limsup liminf max min sup inf arg det dim ker " +
    "gcd hom deg mod Pr Tr tr rank erf erfc sgn argmax argmin injlim projlim cotan tg ctg arctg sh ch th"
  ).split(" "),
);

/** Combining characters of accents, in text and in mathematics. */
export const ACCENTS = new Map<string, string>([
  ["`", "\u0300"], ["'", "\u0301"], ["^", "\u0302"], ["~", "\u0303"], ['"', "\u0308"], ["=", "\u0304"], [".", "\u0307"],
  ["u", "\u0306"], ["v", "\u030c"], ["H", "\u030b"], ["c", "\u0327"], ["k", "\u0328"], ["d", "\u0323"], ["b", "\u0331"], ["r", "\u030a"], ["t", "\u0361"],
  ["textcommabelow", "\u0326"], ["textogonekcentered", "\u0328"], ["G", "\u030f"], ["U", "\u030e"], ["M", "\u0328"],
]); // prettier-ignore
export const MATH_ACCENTS = new Map<string, string>([
  ["hat", "\u0302"], ["widehat", "\u0302"], ["tilde", "\u0303"], ["widetilde", "\u0303"], ["bar", "\u0304"], ["overline", "\u0304"],
  ["vec", "\u20d7"], ["overrightarrow", "\u20d7"], ["dot", "\u0307"], ["ddot", "\u0308"], ["dddot", "\u20db"], ["check", "\u030c"], ["breve", "\u0306"],
  ["acute", "\u0301"], ["grave", "\u0300"], ["mathring", "\u030a"], ["underline", "\u0332"],
]); // prettier-ignore

const zip = (keys: string, values: string) => {
  const to = Array.from(values);
  return new Map(Array.from(keys, (key, i) => [key, to[i]!]));
};
const SUPERSCRIPTS = zip("0123456789+-−=()nijk′*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱʲᵏ′*");
const SUBSCRIPTS = zip("0123456789+-−=()aeijoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢⱼₒₓₕₖₗₘₙₚₛₜ");
const DOUBLE_STRUCK = zip("ABCDEFGHIKLMNOPQRSTUVWXYZ1", "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ𝟙");

/** A superscript or subscript in Unicode where all of it exists there, else `^x` or `_x`. */
export function script(kind: "^" | "_", content: string): string {
  const text = content.trim();
  if (!text) return "";
  if (kind === "^" && /^[°′″∘†‡]+$/.test(text)) return text.replaceAll("∘", "°");
  const letters = kind === "^" ? SUPERSCRIPTS : SUBSCRIPTS;
  const characters = Array.from(text);
  // Words in small letters are hard to read: only signs, numbers and single letters are lowered or raised.
  if (
    characters.every((c) => letters.has(c)) &&
    (characters.length === 1 || /^[\d+−=()-]*[a-z]?$/.test(text))
  )
    return characters.map((c) => letters.get(c)).join("");
  // What stands in brackets already needs no others.
  return /^[\p{L}\p{N}\p{M}]+$|^[^\s()]$|^\([^()]*\)$/u.test(text) ? kind + text : `${kind}(${text})`;
}

export function doubleStruck(text: string): string {
  return Array.from(text, (c) => DOUBLE_STRUCK.get(c) ?? c).join("");
}

/** A letter under an accent; several letters keep their plain form. */
export function accented(text: string, accent: string): string {
  const base = text.replace("ı", "i").replace("ȷ", "j");
  return Array.from(base).length === 1 ? (base + accent).normalize("NFC") : base;
}
