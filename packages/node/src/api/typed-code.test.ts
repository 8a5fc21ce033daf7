import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { looksLikeCode, readTyped } from "./typed-code.ts";

describe("what someone typed", () => {
  test("is read as the code that it is, or was meant to be", () => {
    const cases: readonly (readonly [string, string, string?])[] = [
      ["MA.156", "code", "MA.156"],
      ["\n MA.156/ ", "code", "MA.156"],
      ["http://x/MA.156", "code", "MA.156"],
      ["https://user@x/MA.156", "unread"],
      ["ma.156", "meant", "MA.156"],
      ["МА.156", "meant", "MA.156"],
      ["MA。156。1301", "meant", "MA.156.1301"],
      ["ｈｔｔｐｓ：//ｘ/ＭＡ.156", "meant", "MA.156"],
      ["MA.15", "malformed"],
      ["MA/156", "malformed"],
      ["MA", "unread"],
      ["", "unread"],
      ["130102001001", "unread"],
      [`MA.${"1".repeat(3_000)}`, "unread"],
    ];
    for (const [typed, kind, code] of cases) {
      const read = readTyped(typed);
      expect(read.kind, typed).toBe(kind);
      if (code !== undefined) expect("code" in read && read.code, typed).toBe(code);
    }
  });

  test("is never more than it says, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (typed) => {
        const read = readTyped(`MA.${typed}`);
        if (read.kind === "code" || read.kind === "meant")
          expect(readTyped(read.code)).toEqual({ ...read, kind: "code" });
        else expect(looksLikeCode(`MA.${typed}`) || read.kind === "unread").toBe(true);
      }),
    );
  });
});
