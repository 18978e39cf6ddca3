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

/** Symbols that take SI prefixes; a second column names the prefixes allowed where not all are in use. */
const PREFIXED: [symbol: string, prefixes: string, base?: string, factor?: number][] = [
  ["m", "kcmµnpf"], ["s", "mµnpf"], ["g", "kmµnp"], ["A", "kmµnp"], ["K", "mµk"], ["mol", "kmµnp"], ["Hz", "kMGTm"],
  ["N", "kMmµnp"], ["Pa", "GMkhm"], ["J", "kMGmµ"], ["W", "kMGTmµn"], ["C", "mµn"], ["V", "kMmµn"], ["F", "mµnp"],
  ["Ω", "kMGm"], ["S", "mµ"], ["T", "mµn"], ["H", "mµn"], ["eV", "kMGTPm"], ["L", "mµnd"], ["l", "mµnd", "L"],
  ["bar", "mkd"], ["pc", "kMG"], ["Jy", "mµkM"], ["M", "mµnp"], ["Da", "kM"], ["Bq", "kMG"], ["Gy", "mc"], ["Sv", "mµ"],
  ["B", "kMGTP"], ["bit", "kMG"], ["bp", "kMG"], ["yr", "kMG"], ["Wh", "kMGT"], ["cal", "k"], ["Mpc", ""], ["lm", ""],
  ["lx", ""], ["cd", ""], ["rad", "mµ"], ["sr", ""], ["mag", "m"], ["dex", ""], ["ppm", ""], ["ppb", ""], ["dB", ""],
  ["dBm", ""], ["au", "", "AU"], ["AU", ""], ["Å", "", "m", 1e-10], ["erg", "", "J", 1e-7], ["min", "", "s", 60],
  ["h", "", "s", 3600], ["hr", "", "s", 3600], ["d", "", "s", 86400], ["ha", ""], ["rpm", ""], ["fps", ""],
  ["FLOPS", "GTP"], ["px", ""], ["mas", "", "arcsec", 1e-3], ["atm", ""], ["Torr", "m"], ["G", "kmµ", "gauss"],
  ["M☉", "", "M⊙"], ["M⊙", ""], ["L⊙", ""], ["R⊙", ""], ["°C", ""], ["℃", "", "°C"], ["°F", ""], ["°", "", "deg"],
  ["σ", ""], ["%", "", "", 0.01], ["‰", "", "", 0.001], ["′", "", "arcsec", 60], ["″", "", "arcsec"],
]; // prettier-ignore

/** Units spelled out; the plural is understood. */
const WORDS: Record<string, [base: string, factor: number]> = {
  percent: ["", 0.01], "per cent": ["", 0.01], pct: ["", 0.01], second: ["s", 1], sec: ["s", 1], minute: ["s", 60],
  hour: ["s", 3600], hr: ["s", 3600], day: ["s", 86400], week: ["week", 1], month: ["month", 1], year: ["yr", 1],
  metre: ["m", 1], meter: ["m", 1], kilometre: ["m", 1e3], kilometer: ["m", 1e3], centimetre: ["m", 1e-2],
  centimeter: ["m", 1e-2], millimetre: ["m", 1e-3], millimeter: ["m", 1e-3], micron: ["m", 1e-6],
  micrometre: ["m", 1e-6], micrometer: ["m", 1e-6], nanometre: ["m", 1e-9], nanometer: ["m", 1e-9], mile: ["mile", 1],
  gram: ["g", 1], kilogram: ["g", 1e3], kelvin: ["K", 1], degree: ["deg", 1], radian: ["rad", 1], hertz: ["Hz", 1],
  joule: ["J", 1], watt: ["W", 1], volt: ["V", 1], tonne: ["tonne", 1], pixel: ["px", 1], byte: ["B", 1],
  arcsec: ["arcsec", 1], arcsecond: ["arcsec", 1], arcmin: ["arcsec", 60], arcminute: ["arcsec", 60],
  millisecond: ["s", 1e-3], microsecond: ["s", 1e-6], nanosecond: ["s", 1e-9], litre: ["L", 1], liter: ["L", 1],
  parsec: ["pc", 1], gauss: ["gauss", 1],
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
  /([\p{L}µΩ%‰°℃′″☉⊙]{1,12})(?:\^[{(]?([-−–]?\d)[})]?|([⁻⁺]?[¹²³⁴⁵])|([-−]?\d)(?![\d.]))?(?![\p{L}\p{N}_^])/uy;
const WORD = /[\s\u00a0-]?(per\scent|\p{Ll}{3,12})(?![\p{L}\p{N}-])/uy;
const GAP = /[\s\u00a0\u2009\u202f-]?/uy;
const JOIN = /\s?([/·⋅])\s?|([\s\u00a0\u2009\u202f])/uy;

/**
 * The unit that starts at `position`, right after a number: a symbol with or without prefix, a product or quotient
 * of up to four (`km s⁻¹`, `kg/m^3`), or a word (`seconds`, `per cent`). A further symbol after a space counts only
 * with a power of its own, since `5 m A` is no unit. `null` where no known unit stands there.
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
  at(GAP, text, position);
  const start = GAP.lastIndex;
  const powers = new Map<string, number>();
  let factor = 1;
  let end = start;
  let sign = 1;
  for (let atoms = 0, from = start, spaced = false; atoms < 4; atoms++) {
    const match = at(ATOM, text, from);
    const known = match && SYMBOLS.get(match[1]!.normalize("NFC"));
    const printed = match?.[2] ?? match?.[3] ?? match?.[4];
    if (!match || !known || (spaced && printed === undefined)) break;
    const power = sign * (printed ? exponent(printed) : 1);
    if (known[0]) powers.set(known[0], (powers.get(known[0]) ?? 0) + power);
    factor *= known[1] ** power;
    end = ATOM.lastIndex;
    const join = at(JOIN, text, end);
    if (!join) break;
    sign = join[1] === "/" ? -1 : 1;
    spaced = join[2] !== undefined;
    from = JOIN.lastIndex;
  }
  if (end === start) return null;
  const base = [...powers]
    .filter(([, power]) => power !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, power]) => (power === 1 ? symbol : `${symbol}^${power}`))
    .join(" ");
  return { unit: { base, factor, text: text.slice(start, end) }, end };
}

function exponent(printed: string): number {
  return Number(printed.replace(/[−–]/, "-").replace(/[⁻⁺¹²³⁴⁵]/gu, (c) => SCRIPT_DIGITS[c] ?? c));
}

function at(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
