import type { Handler } from "./tslab.js";

interface Position {
  code: string;
  cursor_pos: number;
}

/**
 * Mends cursor positions. Jupyter counts characters, tslab UTF-16 units, so completion and inspection looked at a
 * wrong place behind every mathematical letter or emoji.
 */
export function completeAt(handler: Handler, content: object): object {
  const { code, cursor_pos } = content as Position;
  const reply = handler.handleComplete({ ...content, cursor_pos: toUnits(code, cursor_pos) }) as {
    cursor_start: number;
    cursor_end: number;
  };
  return {
    ...reply,
    cursor_start: toCharacters(code, reply.cursor_start),
    cursor_end: toCharacters(code, reply.cursor_end),
  };
}

/** The same for inspection (the tooltip with types and doc comment). */
export function inspectAt(handler: Handler, content: object): object {
  const { code, cursor_pos } = content as Position;
  return handler.handleInspect({ ...content, cursor_pos: toUnits(code, cursor_pos) });
}

function toUnits(code: string, characters: number): number {
  return Array.from(code).slice(0, characters).join("").length;
}

function toCharacters(code: string, units: number): number {
  return Array.from(code.slice(0, units)).length;
}
