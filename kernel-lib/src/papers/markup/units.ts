/** Numbers and units as siunitx takes them. */

const PREFIXES: Record<string, string> = {
  yocto: "y", zepto: "z", atto: "a", femto: "f", pico: "p", nano: "n", micro: "µ", milli: "m", centi: "c", deci: "d", deca: "da", deka: "da",
  hecto: "h", kilo: "k", mega: "M", giga: "G", tera: "T", peta: "P", exa: "E", zetta: "Z", yotta: "Y", kibi: "Ki", mebi: "Mi", gibi: "Gi",
}; // prettier-ignore
const UNITS: Record<string, string> = {
  metre: "m", meter: "m", gram: "g", kilogram: "kg", kg: "kg", second: "s", ampere: "A", kelvin: "K", mole: "mol", candela: "cd", hertz: "Hz",
  newton: "N", pascal: "Pa", joule: "J", watt: "W", coulomb: "C", volt: "V", farad: "F", ohm: "Ω", siemens: "S", weber: "Wb", tesla: "T",
  henry: "H", degreeCelsius: "°C", celsius: "°C", lumen: "lm", lux: "lx", becquerel: "Bq", gray: "Gy", sievert: "Sv", radian: "rad",
  steradian: "sr", minute: "min", hour: "h", day: "d", year: "yr", hectare: "ha", litre: "l", liter: "L", tonne: "t", electronvolt: "eV",
  electronVolt: "eV", eV: "eV", meV: "meV", keV: "keV", MeV: "MeV", GeV: "GeV", TeV: "TeV", dalton: "Da", astronomicalunit: "au", parsec: "pc",
  lightyear: "ly", angstrom: "Å", bar: "bar", barn: "b", bel: "B", decibel: "dB", dB: "dB", percent: "%", degree: "°", arcminute: "′",
  arcsecond: "″", arcmin: "′", arcsec: "″", bit: "bit", byte: "B", molar: "M", Molar: "M", solarmass: "M☉", bohr: "a₀", hartree: "Eₕ",
  m: "m", cm: "cm", mm: "mm", um: "µm", nm: "nm", pm: "pm", km: "km", fm: "fm", s: "s", ms: "ms", us: "µs", ns: "ns", ps: "ps", fs: "fs",
  Hz: "Hz", kHz: "kHz", MHz: "MHz", GHz: "GHz", THz: "THz", mHz: "mHz", g: "g", mg: "mg", ug: "µg", K: "K", mK: "mK", A: "A", mA: "mA",
  V: "V", mV: "mV", kV: "kV", W: "W", mW: "mW", kW: "kW", MW: "MW", J: "J", kJ: "kJ", N: "N", Pa: "Pa", kPa: "kPa", MPa: "MPa", GPa: "GPa",
  mol: "mol", l: "l", L: "L", ml: "ml", mL: "mL", ul: "µl", T: "T", mT: "mT", F: "F", rad: "rad",
}; // prettier-ignore
const RAISED = new Map(Array.from("-−0123456789", (c, i) => [c, "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[i]!]));
const raise = (text: string) => Array.from(text, (c) => RAISED.get(c) ?? c).join("");

/** `\kilo\metre\per\second`, `km.s^{-1}` → `km/s`, `km s⁻¹`. */
export function unitText(source: string): string {
  let out = "";
  let over = false;
  let prefix = "";
  let open = false;
  const add = (unit: string) => {
    const gap = out && !out.endsWith("/") && !open ? (over ? "/" : " ") : over ? "/" : "";
    out += gap.replace("/", out.endsWith("/") ? "" : "/") + prefix + unit;
    over = open = false;
    prefix = "";
  };
  const tokens = source.matchAll(
    /\\([A-Za-z]+)|\\.|\^\s*\{?\s*([-−]?\d+)\s*\}?|\{\s*([-−]?\d+)\s*\}|(\d+\.\d+|[^\\^{}\s.~$]+)|[.~]|\s+/g,
  );
  let power: "after" | "before" | null = null;
  for (const [, command, exponent, braced, literal] of tokens) {
    if (exponent !== undefined || (braced !== undefined && power === "after")) {
      out += raise(exponent ?? braced ?? "");
      power = null;
    } else if (command !== undefined) {
      if (command === "per") over = true;
      else if (command === "squared" || command === "square") out += command === "squared" ? "²" : "";
      else if (command === "cubed") out += "³";
      else if (command === "tothe") power = "after";
      else if (command in PREFIXES) prefix = PREFIXES[command]!;
      else if (command === "cdot") out += " ";
      else if (command === "text" || command === "mathrm" || command === "textrm") open = true;
      else
        add(UNITS[command] ?? (command === "mu" ? "µ" : command.length < 5 ? command : ` ${command}`.trim()));
    } else if (literal !== undefined) {
      if (literal === "/") over = true;
      else add(literal.replaceAll("'", "′"));
    } else if (braced !== undefined) add(braced);
  }
  return out.trim();
}

/** `1.2e-3` → `1.2 × 10⁻³`; `3 +- 1` → `3 ± 1`. */
export function numberText(source: string): string {
  return source
    .replace(/\\pm|\+-/g, " ± ")
    .replace(/\\times|(?<=\d)\s*x\s*(?=\d)/g, " × ")
    .replace(
      /([\d.()]*)\s*[eEdD]([-+]?)(\d+)/g,
      (_, m: string, sign: string, e: string) => `${m}${m ? " × " : ""}10${raise(sign.replace("+", "") + e)}`,
    )
    .replace(/[{}\\,~]/g, (c) => (c === "," ? "," : ""))
    .replace(/(^|[\s(])-(?=\d)/g, "$1−")
    .replace(/\s+/g, " ")
    .trim();
}

/** A quantity: no space before signs that stick to their number. */
export function quantityText(number: string, unit: string): string {
  return /^[°′″%]/.test(unit) && unit !== "°C"
    ? unit === "%"
      ? `${number} %`
      : number + unit
    : `${number} ${unit}`.trim();
}
