import fc from "fast-check";
import { expect, test } from "vitest";
import { findQrVersion, isQrAlphanumeric } from "../qr-version.ts";
import { codes } from "./code.testing.ts";
import { type Code, parseCode } from "./code.ts";
import { CODE_CHARACTERS_MAX } from "./limits.ts";
import { HOST_CHARACTERS_MAX, qrTextOf } from "./qr.ts";
import { codeFromUrl } from "./url.ts";

test("a code without lower case takes the alphanumeric mode", () => {
  expect(qrTextOf("MA.156.1301.02/60.10000000.1/000123" as Code, "id.example.cn")).toEqual({
    ok: true,
    value: {
      text: "HTTPS://ID.EXAMPLE.CN/MA.156.1301.02/60.10000000.1/000123",
      mode: "alphanumeric",
      version: 4,
    },
  });
});

test("a few lower-case letters are escaped where that saves a version", () => {
  expect(qrTextOf("MA.156.1301.02/60.10000000.a/000123" as Code, "id.example.cn")).toEqual({
    ok: true,
    value: {
      text: "HTTPS://ID.EXAMPLE.CN/MA.156.1301.02/60.10000000.%61/000123",
      mode: "alphanumeric",
      version: 4,
    },
  });
});

test("many lower-case letters take the byte mode", () => {
  expect(qrTextOf("MA.156.1003.1629/10.46100000.riseplatform" as Code, "S.idcode.org.cn:8080")).toEqual({
    ok: true,
    value: {
      text: "https://s.idcode.org.cn:8080/MA.156.1003.1629/10.46100000.riseplatform",
      mode: "byte",
      version: 6,
    },
  });
});

test("of two texts with the same version the plain one is given", () => {
  const byte = qrTextOf("MA.156.1301.02/60.10000000.abcd" as Code, "id.cn");
  expect(byte).toMatchObject({
    value: { text: "https://id.cn/MA.156.1301.02/60.10000000.abcd", mode: "byte" },
  });
  const alphanumeric = qrTextOf("MA.156" as Code, "id.cn");
  expect(alphanumeric).toMatchObject({ value: { mode: "alphanumeric" } });
});

/** Goal: what is printed is scanned as the same code, and no smaller symbol would do. */
test("a QR text is read as its code and is the smallest", () => {
  const host = fc.constantFrom(
    "id.cn",
    "ID.example.cn",
    "localhost:8080",
    "10.0.0.1",
    "a".repeat(60).concat(".cn"),
  );
  fc.assert(
    fc.property(codes, host, (code, host) => {
      const made = qrTextOf(code, host);
      if (!made.ok) throw new Error(`refused: ${code} ${host}`);
      const { text, mode, version } = made.value;
      expect(codeFromUrl(text), text).toEqual({ ok: true, value: code });
      expect(findQrVersion(mode, text.length), text).toBe(version);
      expect(version, text).toBeLessThanOrEqual(findQrVersion("byte", `https://${host}/${code}`.length)!);
      if (mode === "alphanumeric") {
        expect(
          Array.from(text).every((character) => isQrAlphanumeric(character.charCodeAt(0))),
          text,
        ).toBe(true);
      }
      if (!/[a-z_]/.test(code)) expect(mode, text).toBe("alphanumeric");
    }),
  );
});

test("the longest code at the longest host fits", () => {
  const label = "a".repeat(63);
  const host = `${label}.${label}.${label}.${label}`.slice(0, HOST_CHARACTERS_MAX);
  const longest = parseCode(
    "MA.156/60.10000000.a/"
      .padEnd(71, "b")
      .concat(".")
      .padEnd(CODE_CHARACTERS_MAX - 7, "b"),
  );
  if (!longest.ok) throw new Error("not a code");
  expect(qrTextOf(longest.value, `${host}:65535`)).toMatchObject({ ok: true, value: { mode: "byte" } });
  expect(qrTextOf(longest.value, `${host}a`)).toMatchObject({ ok: false, fault: { field: "host", at: 0 } });
});

test.each([
  ["", 0],
  ["https://id.cn", 6],
  ["id.cn/path", 0],
  ["id..cn", 0],
  ["-id.cn", 0],
  ["id-.cn", 0],
  ["id.cn.", 0],
  ["\u77f3.cn", 0],
  ["id_1.cn", 0],
  ["a@id.cn", 0],
  ["[::1]", 0],
  [`${"a".repeat(64)}.cn`, 0],
  ["id.cn:", 6],
  ["id.cn:0", 6],
  ["id.cn:080", 6],
  ["id.cn:65536", 6],
  ["id.cn:8a", 6],
])("the host %j is refused", (host, at) => {
  expect(qrTextOf("MA.156" as Code, host)).toMatchObject({ ok: false, fault: { field: "host", at } });
});
