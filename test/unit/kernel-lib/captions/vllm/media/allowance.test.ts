import { describe, expect, it } from "vitest";
import { Allowance } from "../../../../../../kernel-lib/src/captions/vllm/media/allowance.js";

/** Takes in order; `served` says who has got its share. */
function takers(allowance: Allowance) {
  const served: string[] = [];
  const take = (name: string, amount: number, options?: Parameters<Allowance["take"]>[1]) => {
    const share = allowance.take(amount, options);
    share.then(
      () => served.push(name),
      () => undefined,
    );
    return share;
  };
  return { served, take };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("an allowance", () => {
  it("serves in order, urgent ones first, and lets nobody overtake who asks for much", async () => {
    const allowance = new Allowance(10);
    const { served, take } = takers(allowance);
    const first = await take("first", 8);
    const waiting = [take("much", 9), take("little", 1), take("urgent", 5, { urgent: true })];
    await settled();
    expect(served).toEqual(["first"]);
    expect(allowance.waiting).toBe(3);
    first.release();
    const urgent = await waiting[2]!;
    await settled();
    expect(served).toEqual(["first", "urgent"]);
    urgent.release();
    (await waiting[0]!).shrink(2);
    await waiting[1];
    expect(served).toEqual(["first", "urgent", "much", "little"]);
    expect(allowance.used).toBe(3);
  });

  it("gives alone what is more than there is", async () => {
    const allowance = new Allowance(10);
    const { served, take } = takers(allowance);
    const one = await take("one", 1);
    const huge = take("huge", 50);
    const next = take("next", 1);
    await settled();
    expect(served).toEqual(["one"]);
    one.release();
    const share = await huge;
    await settled();
    expect(served).toEqual(["one", "huge"]);
    share.shrink(3);
    await next;
    expect(allowance.used).toBe(4);
  });

  it("counts what is given back twice once", async () => {
    const allowance = new Allowance(10);
    const share = await allowance.take(6);
    await allowance.take(2);
    share.release();
    share.release();
    share.shrink(4);
    expect(allowance.used).toBe(2);
  });

  it("lets those go whose signal is aborted, and serves the next", async () => {
    const allowance = new Allowance(10);
    const controller = new AbortController();
    await allowance.take(5);
    const { served, take } = takers(allowance);
    const much = take("much", 10, { signal: controller.signal });
    const little = take("little", 5);
    controller.abort(new Error("enough"));
    await expect(much).rejects.toThrow("enough");
    await little;
    expect(served).toEqual(["little"]);
    await expect(allowance.take(1, { signal: controller.signal })).rejects.toThrow("enough");
    expect(allowance).toMatchObject({ used: 10, waiting: 0 });
  });
});
