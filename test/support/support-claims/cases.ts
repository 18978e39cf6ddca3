import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import type { ScoreInput } from "../../../kernel-lib/src/scores/scorer.js";
import type { ClaimKind } from "../../../kernel-lib/src/scores/support.js";
import type { Range } from "../../../kernel-lib/src/model.js";
import { figureWith } from "../../unit/kernel-lib/captions/papers.js";

/** A claim as a person labelled it. */
export interface Label {
  text: string;
  kind: ClaimKind;
  span: Range;
  /** Where the evidence bears it out; `null` where it does not. */
  place: string | null;
  /** The kind of error that was planted; `null` for a supported claim. */
  error: string | null;
}

/** A caption with what there is to judge it by, and its labels. */
export interface Case {
  id: string;
  discipline: string;
  half: "tuned" | "held-out";
  input: ScoreInput;
  labels: Label[];
  /** Other words of content that nothing bears out, in lower case. */
  words: ReadonlySet<string>;
}

interface Written {
  id: string;
  half: Case["half"];
  evidence: {
    caption: string;
    panels?: string[];
    contexts: string[];
    title: string;
    abstract: string;
    figure_text?: string;
  };
  text: string;
  claims: [text: string, kind: ClaimKind, placeOrError: string, why?: string][];
  words: string[];
}

/**
 * All labelled captions, see the README beside them.
 * @param folder `test/fixtures/support-claims`
 */
export function labelledCaptions(folder: string): Case[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  return files.sort().flatMap((file) => {
    const written = parse(readFileSync(join(folder, file), "utf8")) as Written[];
    return written.map((one) => asCase(basename(file, ".yaml"), one));
  });
}

function asCase(discipline: string, { id, half, evidence, text, claims, words }: Written): Case {
  const { caption, panels, contexts, title, abstract, figure_text } = evidence;
  let at = 0;
  const labels = claims.map(([said, kind, placeOrError, why]): Label => {
    const start = typeof said === "string" ? wholeAt(text, said, at) : -1;
    if (start < 0)
      throw new Error(`${discipline}.yaml, ${id}: "${said}" stands nowhere after character ${at}`);
    at = start + said.length;
    const verdict =
      why === undefined ? { place: placeOrError, error: null } : { place: null, error: placeOrError };
    return { text: said, kind, span: [start, at], ...verdict };
  });
  return {
    ...{ id, discipline, half, labels },
    input: {
      figure: figureWith({ caption, contexts, ...(panels && { panels }) }),
      paper: { paper_id: "p", title, abstract },
      image: null,
      figure_text: figure_text ?? null,
      caption: "model",
      text,
    },
    words: new Set(words.map((word) => word.toLowerCase())),
  };
}

/** Where a claim stands, not as a part of a word or number; -1 where it does not. */
function wholeAt(text: string, said: string, from: number): number {
  const isPart = (a: string, b: string) => /^[\p{L}\p{Nd}][\p{L}\p{Nd}]$/u.test(a + b);
  for (let at = text.indexOf(said, from); at >= 0; at = text.indexOf(said, at + 1)) {
    const end = at + said.length;
    const inside = isPart(text[at - 1] ?? "", said[0]!) || isPart(said.at(-1)!, text[end] ?? "");
    if (!inside) return at;
  }
  return -1;
}
