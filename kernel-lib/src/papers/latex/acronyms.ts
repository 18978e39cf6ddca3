import type { Braced } from "../markup/scan.js";

interface Acronym {
  short: string;
  long: string;
}

/** Commands that use an acronym, and the form that they print. */
const USES =
  /^(?:(?<full>acf|acrfull|glsentryfull|acfull)|(?<long>acl|acrlong|glsentrylong|aclong|glsdesc)|(?<short>acs|acrshort|glsentryshort|acshort|glsxtrshort)|(?<any>ac|Ac|gls|Gls|glsxtr|iac|autoac))(?<plural>p|pl)?$/;
const DEFINES = /^(?:newacronym|acrodef|acro|DeclareAcronym|newglossaryentry|newabbreviation)$/;
/** Acronyms that a paper may have. */
const MAX_ACRONYMS = 2_000;

/** Whether a command defines or uses an acronym. */
export function isAcronymCommand(name: string): boolean {
  return DEFINES.test(name) || USES.test(name);
}

/** The acronyms of a paper (acronym, acro, glossaries): spelt out where they are used first. */
export class Acronyms {
  private readonly known = new Map<string, Acronym>();
  private readonly used = new Set<string>();

  /** Takes the definition up whose command `name` ends at `next`; gives where reading goes on, `null` for other commands. */
  define(source: Braced, name: string, next: number): number | null {
    if (!DEFINES.test(name)) return null;
    const start = name === "acrodef" || name === "acro" ? next : (source.optional(next)?.next ?? next);
    const key = source.group(start);
    const option = key && source.optional(key.next);
    const first = key && source.group(option?.next ?? key.next);
    const second = first && /^new(?:acronym|abbreviation)$/.test(name) ? source.group(first.next) : null;
    if (!key || !first) return null;
    const written = source.slice(key).trim();
    const value = source.slice(first);
    if (this.known.size < MAX_ACRONYMS)
      if (second) this.known.set(written, { short: value, long: source.slice(second) });
      else if (/^acro/.test(name))
        this.known.set(written, { short: option ? source.slice(option) : written, long: value });
      else {
        const short = keyValue(value, "short") ?? keyValue(value, "name") ?? written;
        this.known.set(written, { short, long: keyValue(value, "long") ?? "" });
      }
    return (second ?? first).next;
  }

  /** What a use of an acronym prints; `null` for other commands and acronyms that are not known. */
  use(source: Braced, name: string, next: number): { text: string; next: number } | null {
    const form = USES.exec(name)?.groups;
    if (!form) return null;
    const start = source.text[next] === "*" ? next + 1 : next;
    const key = source.group(source.optional(start)?.next ?? start);
    const written = key ? source.slice(key).trim() : "";
    const acronym = this.known.get(written);
    if (!key || !acronym) return null;
    const plural = form.plural ? "s" : "";
    const short = acronym.short + plural;
    const long = acronym.long + plural;
    const whole = acronym.long && (form.full || (form.any && !this.used.has(written)));
    if (!form.long && !form.short) this.used.add(written);
    const text = whole ? `${long} (${short})` : form.long && acronym.long ? long : short;
    return { text: /^[AG]/.test(name) ? text[0]!.toUpperCase() + text.slice(1) : text, next: key.next };
  }
}

/** The value of a key, without the braces round it. */
function keyValue(options: string, key: string): string | null {
  const match = new RegExp(`(?:^|,)\\s*${key}\\s*=\\s*(?:\\{([^{}]{0,300})\\}|([^,{}]{0,300}))`).exec(
    options,
  );
  return match ? (match[1] ?? match[2] ?? "").trim() : null;
}
