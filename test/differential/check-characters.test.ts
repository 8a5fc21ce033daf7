import { checkDigitOf } from "@cityroot/codes/gs1/check-digit";
import { checkCharacterOfDigits, checkCharacterOfText } from "@cityroot/codes/iso7064";
import { freightContainer } from "@cityroot/codes/systems/freight-container";
import { gln } from "@cityroot/codes/systems/gln";
import { gtin8 } from "@cityroot/codes/systems/gtin-8";
import { gtin13 } from "@cityroot/codes/systems/gtin-13";
import { gtin14 } from "@cityroot/codes/systems/gtin-14";
import { imei } from "@cityroot/codes/systems/imei";
import { lei } from "@cityroot/codes/systems/lei";
import { uscc } from "@cityroot/codes/systems/uscc";
import { vin } from "@cityroot/codes/systems/vin";
import { gtin, luhn, mod11_2, mod37_36, mod97_10 } from "cdigit";
import fc from "fast-check";
import { stdnum } from "stdnum";
import validator from "validator";
import { validate as isVin } from "vin-validator";
import { expect, test } from "vitest";
import { digits, expectAgreement, textOf } from "./agreement.testing.ts";

/** Goal: what checks a code here agrees with implementations that others wrote, on values that are right and on ones that are not. */
const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

test("the systems of ISO/IEC 7064 and the check digits of GS1", () => {
  const texts = fc.string({ unit: fc.constantFrom(...ALPHANUMERIC), minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(texts, digits(17), digits(13), (text, seventeen, thirteen) => {
      expect(checkCharacterOfText(text)).toEqual({ ok: true, value: mod37_36.compute(text) });
      expect(checkCharacterOfDigits(seventeen)).toBe(mod11_2.compute(seventeen));
      expect(checkDigitOf(seventeen)).toBe(gtin.compute(seventeen));
      expect(checkDigitOf(thirteen)).toBe(gtin.compute(thirteen));
    }),
  );
});

test("trade items and places", () => {
  const complete = (body: string) => body + gtin.compute(body);
  for (const [system, length] of [
    [gtin8, 8],
    [gtin13, 13],
    [gtin14, 14],
    [gln, 13],
  ] as const) {
    expectAgreement(system, digits(length - 1).map(complete), (text) => validator.isEAN(text));
  }
});

test("mobile devices", () => {
  const right = digits(14).map((body) => luhn.generate(body));
  expectAgreement(imei, right, (text) => validator.isIMEI(text));
});

test("legal entities", () => {
  // The system is one of digits: letters are 10 to 35.
  const numeric = (text: string) => [...text].map((one) => ALPHANUMERIC.indexOf(one)).join("");
  const right = textOf(ALPHANUMERIC, 18).map((body) => body + mod97_10.compute(numeric(body)));
  expectAgreement(lei, right, (text) => /[0-9]{2}$/.test(text) && mod97_10.validate(numeric(text)));
});

test("freight containers", () => {
  const bodies = fc.stringMatching(/^[A-Z]{3}U[0-9]{6}$/);
  const taken = (text: string) => /^[A-Z]{3}[UJZ][0-9]{7}$/.test(text) && validator.isISO6346(text);
  const right = bodies.map((body) => body + [..."0123456789"].find((check) => taken(body + check)));
  expectAgreement(freightContainer, right, taken);
});

test("vehicles, where the check character is laid down", () => {
  const texts = fc.tuple(textOf("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", 15), digits(4));
  const right = texts.map(([text, serial]) => {
    const [front, back] = [`L${text.slice(0, 7)}`, text.slice(7, -4) + serial];
    return front + [..."0123456789X"].find((check) => isVin(front + check + back)) + back;
  });
  // The other one looks at the check character alone, wherever the vehicle is from.
  expectAgreement(vin, right, (text) => {
    const isForm = /^[1-9A-HJ-NPR-Z][0-9A-HJ-NPR-Z]{15}[0-9]$/.test(text);
    return isForm && (isVin(text) || !/^[L1-5]/.test(text));
  });
});

test("social credit codes", () => {
  const letters = [..."0123456789ABCDEFGHJKLMNPQRTUWXY"];
  const isTaken = (text: string) => stdnum["CN"]!["uscc"]!.validate(text).isValid;
  const right = fc
    .tuple(fc.constantFrom("91110108", "12130100", "51440305"), textOf(letters.join(""), 9))
    .map(([front, organisation]) => front + organisation)
    .map((body) => body + (letters.find((check) => isTaken(body + check)) ?? "0"));
  expectAgreement(uscc, right, (text) => {
    // The other one knows neither authorities nor divisions, and never takes the check character 0.
    const body = text.slice(0, -1);
    const read = uscc.parse(text);
    if (!read.ok && read.fault.kind === "value") return false;
    const isNone = /^[0-9]{8}[^IOSVZ]{9}$/.test(body) && letters.every((check) => !isTaken(body + check));
    return text.endsWith("0") ? isNone : isTaken(text);
  });
});
