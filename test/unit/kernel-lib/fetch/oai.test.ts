import { describe, expect, it } from "vitest";
import { OaiError, readOaiPage } from "../../../../kernel-lib/src/fetch/oai.js";
import { PassingError } from "../../../../kernel-lib/src/http/problems.js";

const page = (content: string) =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">${content}</OAI-PMH>`,
  );
const record = (fields: string, header = "") =>
  `<record><header${header}><identifier>x</identifier></header><metadata><arXiv>${fields}</arXiv></metadata></record>`;

describe("a page of arXiv's list", () => {
  it("gives its records, the token of the next page and the length of the list", () => {
    const { records, token, total } = readOaiPage(
      page(
        `<ListRecords>${record(
          "<id>1703.09824</id><created>2017-03-28</created><updated>2018-01-02</updated><authors><author><keyname>Gauß</keyname><forenames>C. F.</forenames><suffix>Jr.</suffix></author><author><keyname>Team &amp; Co</keyname></author></authors><title>On\n  <![CDATA[a < b]]></title><categories>math.NT cs.CR</categories><license>http://l</license><abstract>  A \u0001b. </abstract>",
        )}<resumptionToken cursor="0" completeListSize="1234">a|1</resumptionToken></ListRecords>`,
      ),
    );
    expect({ token, total }).toEqual({ token: "a|1", total: 1234 });
    expect(records).toEqual([
      {
        id: "1703.09824",
        title: "On a < b",
        authors: "C. F. Gauß Jr., Team & Co",
        abstract: "A b.",
        categories: "math.NT cs.CR",
        license: "http://l",
        doi: null,
        comments: null,
        "journal-ref": null,
        created: "2017-03-28",
        update_date: "2018-01-02",
      },
    ]);
  });

  it("gives no deleted records, and none whose id leads out of a folder", () => {
    const { records, token } = readOaiPage(
      page(
        `<ListRecords>${record("<id>1703.00001</id>", ' status="deleted"')}${record("<id>../../etc/passwd</id>")}${record("<id>hep-th/9901001</id>")}<resumptionToken/></ListRecords>`,
      ),
    );
    expect(records.map(({ id }) => id)).toEqual(["hep-th/9901001"]);
    expect(token).toBeNull();
  });

  it("that is empty is no error, and any other error has its code", () => {
    expect(readOaiPage(page('<error code="noRecordsMatch">x</error>'))).toMatchObject({
      records: [],
      token: null,
    });
    expect(() => readOaiPage(page('<error code="badArgument">no such set</error>'))).toThrow(OaiError);
    expect(() => readOaiPage(page('<error code="badArgument">no such set</error>'))).toThrow(/no such set/);
  });

  it("with thousands of authors is read", () => {
    const authors = "<author><keyname>N</keyname><forenames>A.</forenames></author>".repeat(3000);
    const many = record(`<id>1703.09824</id><authors>${authors}</authors>`).repeat(300);
    expect(readOaiPage(page(`<ListRecords>${many}</ListRecords>`)).records).toHaveLength(300);
  });

  it("that is none is worth another try", () => {
    const others = [
      "",
      "<html><body>Maintenance</body></html>",
      "<OAI-PMH><ListRecords>",
      "<OAI-PMH></OAI-PMH>",
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    ];
    for (const text of others) expect(() => readOaiPage(Buffer.from(text))).toThrow(PassingError);
  });

  it("grows by no entity", () => {
    const bomb = `<!DOCTYPE OAI-PMH [<!ENTITY a "${"x".repeat(1000)}"><!ENTITY b "${"&a;".repeat(1000)}">]><OAI-PMH><ListRecords>${record("<id>1703.09824</id><title>T &b;</title>")}</ListRecords></OAI-PMH>`;
    expect(readOaiPage(Buffer.from(bomb)).records[0]!.title!.length).toBeLessThan(10);
  });
});
