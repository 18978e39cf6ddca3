/** A unit of measurement in base symbols, so that `5 ms` and `0.005 s` compare. */
export interface Unit {
  /** Base symbols with powers in alphabetical order: `m s^-1`. Empty for plain shares such as per cent. */
  base: string;
  /** What one such unit is worth in base symbols. */
  factor: number;
  /** As printed. */
  text: string;
}

const PREFIXES: Record<string, number> = {
  "": 1, Y: 1e24, Z: 1e21, E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, k: 1e3, h: 1e2, d: 1e-1, c: 1e-2,
  m: 1e-3, µ: 1e-6, n: 1e-9, p: 1e-12, f: 1e-15, a: 1e-18,
}; // prettier-ignore

/**
 * Symbols that take SI prefixes, with the prefixes in use and, for units that are exactly so many of others, what those
 * are: `Å`, `1e-10 m`. Where a conversion has a choice (calories, years, °C and K) there is none.
 */
const PREFIXED: [symbol: string, prefixes: string, base?: string, factor?: number][] = [
  ["m", "kcmµnpf"], ["s", "mµnpf"], ["g", "kmµnp"], ["A", "kmµnp"], ["K", "mµk"], ["mol", "kmµnp"], ["Hz", "kMGTm"],
  ["N", "kMmµnp"], ["Pa", "GMkhm"], ["J", "kMGmµ"], ["W", "kMGTmµn"], ["C", "mµn"], ["V", "kMmµn"], ["F", "mµnp"],
  ["Ω", "kMGm"], ["S", "mµ"], ["T", "mµn"], ["H", "mµn"], ["eV", "kMGTPm"], ["L", "mµnd", "m^3", 1e-3], ["l", "mµnd", "m^3", 1e-3],
  ["bar", "mkd", "Pa", 1e5], ["pc", "kMG"], ["Jy", "mµkM"], ["M", "mµnp", "mol m^-3", 1e3], ["Da", "kM"], ["Bq", "kMG"], ["Gy", "mc"], ["Sv", "mµ"],
  ["B", "kMGTP"], ["bit", "kMG"], ["bp", "kMG"], ["yr", "kMG"], ["Wh", "kMGT", "J", 3600], ["cal", "k"], ["Mpc", ""], ["lm", ""],
  ["lx", ""], ["cd", ""], ["rad", "mµ"], ["sr", ""], ["mag", "m"], ["dex", ""], ["ppm", ""], ["ppb", ""], ["dB", ""],
  ["dBm", ""], ["au", "", "AU"], ["AU", ""], ["Å", "", "m", 1e-10], ["erg", "", "J", 1e-7], ["min", "", "s", 60],
  ["h", "", "s", 3600], ["hr", "", "s", 3600], ["d", "", "s", 86400], ["ha", "", "m^2", 1e4], ["rpm", ""], ["fps", ""],
  ["FLOPS", "GTP"], ["px", ""], ["mas", "", "arcsec", 1e-3], ["atm", ""], ["Torr", "m"], ["G", "kmµ", "T", 1e-4],
  ["M☉", "", "M⊙"], ["M⊙", ""], ["L⊙", ""], ["R⊙", ""], ["°C", ""], ["℃", "", "°C"], ["°F", ""], ["°", "", "deg"],
  ["Ah", "mk", "A s", 3600], ["U", "mk"], ["IU", "kM"], ["bpm", ""], ["mmHg", ""], ["t", "kMG", "g", 1e6], ["kb", "", "b", 1e3], ["Mb", "", "b", 1e6],
  ["Gb", "", "b", 1e9], ["fb", "", "barn", 1e-15], ["pb", "", "barn", 1e-12], ["wt%", ""], ["vol%", ""], ["mol%", ""], ["at%", ""],
  ["σ", ""], ["%", "", "", 0.01], ["\\%", "", "", 0.01], ["‰", "", "", 0.001], ["′", "", "arcsec", 60], ["″", "", "arcsec"],
]; // prettier-ignore

/** Units spelled out; the plural is understood. */
const WORDS: Record<string, [base: string, factor: number]> = {
  times: ["×", 1], fold: ["×", 1], "percentage point": ["pp", 1],
  percent: ["", 0.01], "per cent": ["", 0.01], pct: ["", 0.01], second: ["s", 1], sec: ["s", 1], minute: ["s", 60],
  hour: ["s", 3600], hr: ["s", 3600], day: ["s", 86400], week: ["s", 604_800], month: ["month", 1], year: ["yr", 1],
  metre: ["m", 1], meter: ["m", 1], kilometre: ["m", 1e3], kilometer: ["m", 1e3], centimetre: ["m", 1e-2],
  centimeter: ["m", 1e-2], millimetre: ["m", 1e-3], millimeter: ["m", 1e-3], micron: ["m", 1e-6],
  micrometre: ["m", 1e-6], micrometer: ["m", 1e-6], nanometre: ["m", 1e-9], nanometer: ["m", 1e-9], mile: ["mile", 1],
  gram: ["g", 1], kilogram: ["g", 1e3], kelvin: ["K", 1], degree: ["deg", 1], radian: ["rad", 1], hertz: ["Hz", 1],
  joule: ["J", 1], watt: ["W", 1], volt: ["V", 1], tonne: ["g", 1e6], pixel: ["px", 1], byte: ["B", 1],
  arcsec: ["arcsec", 1], arcsecond: ["arcsec", 1], arcmin: ["arcsec", 60], arcminute: ["arcsec", 60],
  millisecond: ["s", 1e-3], microsecond: ["s", 1e-6], nanosecond: ["s", 1e-9], litre: ["m^3", 1e-3], liter: ["m^3", 1e-3],
  parsec: ["pc", 1], gauss: ["T", 1e-4],
}; // prettier-ignore

const SYMBOLS = new Map<string, [base: string, factor: number]>();
for (const [symbol, prefixes, base = symbol, factor = 1] of PREFIXED) {
  for (const prefix of ["", ...prefixes]) {
    const value: [string, number] = [base, factor * PREFIXES[prefix]!];
    if (!SYMBOLS.has(prefix + symbol)) SYMBOLS.set(prefix + symbol, value);
    if (prefix === "µ") for (const mu of ["μ", "u"]) SYMBOLS.set(mu + symbol, value);
  }
}
SYMBOLS.delete("Mpc");
SYMBOLS.set("Mpc", ["pc", 1e6]);
// Years before the present, in geology.
for (const [symbol, years] of [
  ["ka", 1e3],
  ["Ma", 1e6],
  ["Ga", 1e9],
] as const)
  SYMBOLS.set(symbol, ["yr", years]);

const SCRIPT_DIGITS: Record<string, string> = {
  "⁻": "-",
  "⁺": "",
  "¹": "1",
  "²": "2",
  "³": "3",
  "⁴": "4",
  "⁵": "5",
};
const ATOM =
  /([\p{L}µΩ%‰°℃′″☉⊙]{1,12}|\\%)(?:\^[{(]?([-−–]?\d)[})]?|([⁻⁺]?[¹²³⁴⁵])|([-−]?\d)(?![\d.]))?(?![\p{L}\p{N}_^])/uy;
const WORD = /[\s\u00a0-]?(per\scent|percentage\spoints?|\p{Ll}{3,12})(?![\p{L}\p{N}-])/uy;
const GAP = /[\s\u00a0\u2009\u202f-]?/uy;
/** A slash, with what it divides by in brackets or not, a dot, or a blank. */
const JOIN = /\s?([/·⋅])\s?(\()?|([\s\u00a0\u2009\u202f])/uy;
/** Degrees north and south are no degrees of angle alone. */
const LATITUDE = /\s?°\s?([NSEW])(?![\p{L}\p{N}])/uy;
/** `3× faster`, `10x`; in `3 × 4` and `3×N` it is a sign. */
const TIMES = /[×x](?!\s?[\d+\-−=*/^(²³]|\p{L})/uy;

/**
 * The unit that starts at `position`, right after a number: a symbol with or without prefix, a product or quotient
 * of up to five (`km s⁻¹`, `kg/m^3`, `cm²/(V s)`), or a word (`seconds`, `per cent`, `-fold`). A further symbol after a
 * space counts only where a power stands at it or further on, since `5 m A` is no unit. `null` where no known unit stands there.
 */
export function readUnit(text: string, position: number): { unit: Unit; end: number } | null {
  // "1990s" is a decade.
  if (
    /^s(?![\p{L}\p{N}])/u.test(text.slice(position, position + 2)) &&
    /\d{3}0$/.test(text.slice(position - 4, position))
  )
    return null;
  return readWord(text, position) ?? readSymbols(text, position);
}

function readWord(text: string, position: number): { unit: Unit; end: number } | null {
  const match = at(WORD, text, position);
  if (!match) return null;
  const printed = match[1]!;
  const singular = printed.replace(/\s/, " ").replace(/s$/, "");
  const known = WORDS[printed] ?? WORDS[singular];
  if (!known || !Object.hasOwn(WORDS, WORDS[printed] ? printed : singular)) return null;
  return { unit: { base: known[0], factor: known[1], text: printed }, end: WORD.lastIndex };
}

function readSymbols(text: string, position: number): { unit: Unit; end: number } | null {
  const times = at(TIMES, text, position);
  if (times) return { unit: { base: "×", factor: 1, text: times[0] }, end: TIMES.lastIndex };
  const latitude = at(LATITUDE, text, position);
  if (latitude)
    return {
      unit: { base: `deg ${latitude[1]!}`, factor: 1, text: latitude[0].trim() },
      end: LATITUDE.lastIndex,
    };
  at(GAP, text, position);
  const start = GAP.lastIndex;
  let read: Product = { powers: new Map(), factor: 1, end: start };
  let ahead = read;
  let sign = 1;
  for (let atoms = 0, from = start, spaced = false, inside = false; atoms < 5; atoms++) {
    const match = at(ATOM, text, from);
    const known = match && SYMBOLS.get(match[1]!.normalize("NFC"));
    if (!match || !known) break;
    const printed = match[2] ?? match[3] ?? match[4];
    ahead = withAtom(ahead, known, sign * (printed ? exponent(printed) : 1), ATOM.lastIndex);
    if (inside && text[ahead.end] === ")") [ahead.end, inside] = [ahead.end + 1, false];
    // In `mA h g⁻¹` the power of the last shows that those before it are units too.
    if (!inside && (!spaced || printed !== undefined)) read = ahead;
    const join = at(JOIN, text, ahead.end);
    if (!join) break;
    if (!inside) sign = join[1] === "/" ? -1 : 1;
    inside ||= join[2] !== undefined;
    spaced = join[3] !== undefined && !inside;
    from = JOIN.lastIndex;
  }
  const { powers, factor, end } = read;
  if (end === start) return null;
  const base = [...powers]
    .filter(([, power]) => power !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, power]) => (power === 1 ? symbol : `${symbol}^${power}`))
    .join(" ");
  return { unit: { base, factor, text: text.slice(start, end) }, end };
}

interface Product {
  powers: ReadonlyMap<string, number>;
  factor: number;
  end: number;
}

function withAtom(
  { powers, factor }: Product,
  [base, value]: [string, number],
  power: number,
  end: number,
): Product {
  const all = new Map(powers);
  for (const part of base === "" ? [] : base.split(" ")) {
    const [symbol, own = "1"] = part.split("^") as [string, string?];
    all.set(symbol, (all.get(symbol) ?? 0) + power * Number(own));
  }
  return { powers: all, factor: factor * value ** power, end };
}

function exponent(printed: string): number {
  return Number(printed.replace(/[−–]/, "-").replace(/[⁻⁺¹²³⁴⁵]/gu, (c) => SCRIPT_DIGITS[c] ?? c));
}

function at(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
