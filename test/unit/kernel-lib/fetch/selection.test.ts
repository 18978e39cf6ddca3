import { describe, expect, it } from "vitest";
import { LICENCES, licenceName } from "../../../../kernel-lib/src/fetch/licences.js";
import { setOf, setsOfDiscipline } from "../../../../kernel-lib/src/fetch/oai-sets.js";
import { checkQuery, type PaperQuery } from "../../../../kernel-lib/src/fetch/selection.js";
import { userAgent } from "../../../../kernel-lib/src/http/server.js";
import { serversOf } from "../../../../kernel-lib/src/fetch/servers.js";
import { retryAfter } from "../../../../kernel-lib/src/http/retry-after.js";
import { DISCIPLINES } from "../../../../kernel-lib/src/model.js";

describe("a licence", () => {
  it.each([
    ["http://creativecommons.org/licenses/by/4.0/", "cc-by"],
    ["https://creativecommons.org/licenses/by-nc-sa/3.0/", "cc-by-nc-sa"],
    ["http://creativecommons.org/publicdomain/zero/1.0/", "cc0"],
    ["http://creativecommons.org/licenses/publicdomain/", "public-domain"],
    ["http://arxiv.org/licenses/nonexclusive-distrib/1.0/", "arxiv"],
    ["CC BY-NC-ND", "cc-by-nc-nd"],
    ["CC0", "cc0"],
    ["http://arxiv.org/licenses/assumed-1991-2003/", null],
    ["all rights reserved", null],
    [null, null],
  ])("has a name: %s is %s", (text, name) => expect(licenceName(text)).toBe(name));

  it("of every name is found by its own address", () => {
    for (const name of LICENCES.filter((licence) => licence.startsWith("cc-")))
      expect(licenceName(`https://creativecommons.org/licenses/${name.slice(3)}/4.0/`)).toBe(name);
  });
});

describe("the set of a category", () => {
  it.each([
    ["astro-ph.GA", "physics:astro-ph:GA"],
    ["hep-th", "physics:hep-th"],
    ["physics.med-ph", "physics:physics:med-ph"],
    ["cs.CV", "cs:cs:CV"],
    ["math", "math"],
  ])("%s is %s", (category, set) => expect(setOf(category)).toBe(set));

  it("is there for every discipline, and no set within another", () => {
    for (const discipline of DISCIPLINES) {
      const sets = setsOfDiscipline(discipline);
      expect(sets.length).toBeGreaterThan(0);
      for (const set of sets) expect(sets.filter((other) => set.startsWith(`${other}:`))).toEqual([]);
    }
    expect(setsOfDiscipline("Medicine")).toEqual(["physics:physics:med-ph"]);
  });
});

describe("a query that is wrong is refused", () => {
  it.each<[PaperQuery, RegExp]>([
    [{ categories: ["Astro Ph"] }, /no arXiv category/],
    [{ discipline: "Magic" as never }, /no discipline; take one of Mathematics/],
    [{ categories: ["hep-th"], from: "2024-02-30" }, /"2024-02-30" \(from\) is no day/],
    [{ categories: ["hep-th"], from: "2024-02-02", until: "2024-02-01" }, /There is no day/],
    [{ categories: ["hep-th"], licences: ["by"] }, /no licence; take one of cc0/],
  ])("%o", (query, message) => expect(() => checkQuery(query)).toThrow(message));
});

describe("the public servers", () => {
  it("are asked no faster than they allow", () => {
    expect(serversOf({ pace: 0 }, {}).eprints.interval).toBe(3000);
    expect(serversOf({ pace: 10 }, {}).eprints.interval).toBe(10_000);
    expect(
      serversOf({ pace: 0, servers: { eprints: "https://export.arxiv.org/" } }, {}).eprints.interval,
    ).toBe(3000);
    expect(serversOf({ pace: 0 }, { FIGLOOM_ARXIV_EPRINTS: "http://mirror:80" }).eprints).toMatchObject({
      base: "http://mirror:80",
      interval: 0,
    });
    expect(() => serversOf({ servers: { eprints: "file:///etc" } }, {})).toThrow(/no http or https address/);
    expect(() => serversOf({ pace: NaN }, {})).toThrow(/number of seconds/);
  });

  it("are told who asks, in one line", () => {
    expect(userAgent("1.0", "a@b.org")).toBe("figloom/1.0 (a@b.org)");
    expect(() => userAgent("1.0", "a\r\nX: y")).toThrow(/contact/);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2024-01-01T00:00:00Z");
  it.each([
    ["120", 120_000],
    ["Mon, 01 Jan 2024 00:00:30 GMT", 30_000],
    ["Sun, 31 Dec 2023 00:00:00 GMT", 0],
    ["soon", null],
    [undefined, null],
  ])("%s is %s ms", (header, expected) => expect(retryAfter(header, now)).toBe(expected));
});
