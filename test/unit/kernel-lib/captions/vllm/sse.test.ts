import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventStream } from "../../../../../kernel-lib/src/captions/vllm/sse.js";

function dataOf(chunks: Iterable<Uint8Array>): string[] {
  const all: string[] = [];
  const stream = new EventStream((data) => all.push(data));
  for (const chunk of chunks) stream.push(chunk);
  return all;
}
const bytes = (text: string) => new TextEncoder().encode(text);

describe("server-sent events", () => {
  test("comments, other fields and empty events are passed over; several data lines are one event", () => {
    const text = ": hello\nevent: x\nid: 1\ndata: a\ndata:b\n\n\n\nretry: 5\n\ndata:  c\n\ndata: unfinished";
    expect(dataOf([bytes(text)])).toEqual(["a\nb", " c"]);
  });

  test("the events are the same wherever the chunks begin and end, and whichever way lines end", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !/[\r\n\ufeff]/.test(text));
    const events = fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 6 });
    const cuts = fc.array(fc.nat(400));
    fc.assert(
      fc.property(events, fc.constantFrom("\n", "\r\n", "\r"), cuts, (events, end, cuts) => {
        const text = events.map((lines) => lines.map((l) => `data: ${l}${end}`).join("") + end).join("");
        const all = bytes(text);
        const places = [0, ...cuts.map((cut) => Math.min(cut, all.length)), all.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((place, i) => all.subarray(places[i], place));
        expect(dataOf(chunks)).toEqual(events.map((lines) => lines.join("\n")));
      }),
    );
  });
});
