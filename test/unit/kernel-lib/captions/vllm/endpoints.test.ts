import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { readEndpoint, readEndpoints } from "../../../../../kernel-lib/src/captions/vllm/endpoints.js";

const shown = (endpoints: string | string[]) =>
  readEndpoints({ endpoints, key: "" }).map((endpoint) => endpoint.shown);

describe("addresses of servers", () => {
  test("/v1 and slashes at the end make no difference, and the same server is asked once", () => {
    expect(shown("http://a:8000, http://a:8000/v1/,http://a:8000/,https://b/base/v1")).toEqual([
      "http://a:8000",
      "https://b/base",
    ]);
    expect(shown(["http://a:8000", "HTTP://A:8000"])).toEqual(["http://a:8000"]);
  });

  test.each(["ftp://a", "a:8000", "nonsense", "http://a/?key=hush", "http://a/#hush", "http://u:hu/sh@a"])(
    "%s is refused without being repeated whole",
    (address) => {
      expect(() => shown(address)).toThrow(/is no address of a server/);
      expect(() => shown(address)).not.toThrow(/hu/);
    },
  );

  test("may be none at all", () => expect(shown(" , ")).toEqual([]));

  test("a key that no header can hold is refused without being shown", () => {
    expect(() => readEndpoint("http://a", "sk-hush\nx")).toThrow("check FIGLOOM_API_KEY");
    expect(() => readEndpoint("http://a", "sk-hush\nx")).not.toThrow("hush");
  });
});

describe("secrets", () => {
  test("a key becomes a bearer token, a user and password basic authentication", () => {
    expect(readEndpoint("http://a", "sk-1").credentials).toEqual({ authorization: "Bearer sk-1" });
    expect(readEndpoint("http://me:p%40ss@a", "sk-1").credentials).toEqual({
      authorization: `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
    });
    expect(readEndpoint("http://a", null).credentials).toEqual({});
  });

  test("neither JSON nor an inspection of an endpoint shows them", () => {
    const endpoint = readEndpoint("http://me:hush@a", "sk-secret");
    const all =
      JSON.stringify(endpoint) + inspect(endpoint, { showHidden: true, depth: 5 }) + String(endpoint.shown);
    expect(all).toContain("http://a");
    expect(all).not.toMatch(/hush|sk-secret|Basic/);
  });

  test("a text that the server sent is freed of them, however they are written", () => {
    const endpoint = readEndpoint("http://me:p%40ss@a", 'sk-"1"');
    const basic = Buffer.from("me:p@ss").toString("base64");
    const text = `Authorization: Basic ${basic}; p@ss p%40ss ${JSON.stringify('sk-"1"')}`;
    expect(endpoint.scrub(text)).toBe('Authorization: Basic [secret]; [secret] [secret] "[secret]"');
  });

  test("a user without a password is one, as some services take a token there", () => {
    const endpoint = readEndpoint("http://token-hush@a", null);
    expect(endpoint.shown).toBe("http://a");
    expect(endpoint.scrub("no token-hush here")).toBe("no [secret] here");
  });
});
