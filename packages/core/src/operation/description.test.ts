import type { Code } from "@cityroot/codes/ma/code";
import { expect, test } from "vitest";
import { type CborValue, encodeCbor } from "../cbor.ts";
import { issueOf, nameOf } from "../ledger.testing.ts";
import { decodeItem } from "./batch-item.ts";
import {
  CITY,
  delegateOf,
  LAMP,
  LAMPS,
  rangeOf,
  testBatch,
  testCity,
  updateOf,
} from "./operation.testing.ts";
import { operationFromCbor, operationToCbor } from "./operation.ts";

const CITIZEN = "11010519491231002X";
const PHONE = "13800138000";

type Parts = { readonly [part in "class" | "attributes" | "links" | "commitments"]?: CborValue };

function linkWith(parts: { rel?: string; href?: string; title?: CborValue }): CborValue {
  const { rel = "describedby", href = "https://example.org/", title = null } = parts;
  return [[rel, href, null, null, title]];
}

/** A number of a person in every place of a description where a text stands. */
const PERSONS: { readonly [where: string]: Parts } = {
  class: { class: `lamp-${PHONE}` },
  text: { attributes: [["name", [["en", `call ${PHONE}`]]]] },
  "text in another language": { attributes: [["address", [["zh", `身份证${CITIZEN}`]]]] },
  token: { attributes: [["model", `id:${CITIZEN}`]] },
  "media type": { attributes: [["media-type", `text/x.${PHONE}`]] },
  "value of a legacy code": { attributes: [["legacy", [["id", CITIZEN]]]] },
  "scheme of a legacy code": { attributes: [["legacy", [[PHONE, "1"]]]] },
  "code in an attribute": { attributes: [["part-of", `${LAMPS}/${CITIZEN}`]] },
  "title of a link": { links: linkWith({ title: [["en", CITIZEN]] }) },
  "relation of a link": { links: linkWith({ rel: `by.${PHONE}` }) },
  "address of a link": { links: linkWith({ href: `https://example.org/${CITIZEN}` }) },
  "name of a commitment": { commitments: [[PHONE, new Uint8Array(32)]] },
};

/** Operations that describe codes, with the number of the element that a part of the description is. */
const batch = testBatch([`${LAMPS}/1`, `${LAMPS}/2`]).operation;
const DESCRIBING = [
  { operation: issueOf(LAMP), class: 2, attributes: 3, links: 4, commitments: 5 },
  { operation: rangeOf(`${LAMPS}/001`, 3, 10), class: 4, attributes: 5, links: 6, commitments: 7 },
  { operation: batch, class: 7, attributes: 8, links: 9, commitments: 10 },
  { operation: delegateOf(CITY, testCity().stranger), class: 4, attributes: 5 },
  { operation: updateOf(LAMP), attributes: 2, links: 3, commitments: 4 },
] as const;

test.each(Object.entries(PERSONS))(
  "no number of a person is taken as %s, wherever it is said",
  (_, parts) => {
    const [[part, value] = ["class", null]] = Object.entries(parts) as [keyof Parts, CborValue][];
    for (const { operation, ...places } of DESCRIBING) {
      const at = (places as { readonly [part: string]: number })[part];
      if (at === undefined) continue;
      const form = [...(operationToCbor(operation) as readonly CborValue[])];
      expect(nameOf(operationFromCbor(form)), operation.type).toBe("ok");
      form[at] = value;
      expect(nameOf(operationFromCbor(form)), operation.type).toBe("PERSONAL_NUMBER");
    }
    if (part !== "attributes" && part !== "links") return;
    const item = [LAMP, part === "attributes" ? value : [], part === "links" ? value : []];
    expect(nameOf(decodeItem(encodeCbor(item))), "item").toBe("PERSONAL_NUMBER");
  },
);

test("no citizen number is taken in the code of an item; serials of eleven digits are", () => {
  const decode = (serial: string) => decodeItem(encodeCbor([`${LAMPS}/${serial}`, [], []]));
  expect(decode(CITIZEN)).toMatchObject({
    rejection: { name: "PERSONAL_NUMBER", fault: { field: "item.code" } },
  });
  expect(JSON.stringify(decode(CITIZEN))).not.toContain(CITIZEN);
  expect(nameOf(decode(PHONE))).toBe("ok");
  expect(nameOf(decode("110105194912310021"))).toBe("ok");
});

test("an item with a citizen number in its code can never be proved", () => {
  const { ledger, city } = testCity();
  const person = `${LAMPS}/${CITIZEN}` as Code;
  const among = testBatch([`${LAMPS}/1`, person, `${LAMPS}/2`]);
  ledger.given(city, among.operation);
  const update = updateOf(person, { item: among.proofOf(person) });
  expect(nameOf(operationFromCbor(operationToCbor(update)))).toBe("ok");
  expect(ledger.attempt(city, update)).toBe("PERSONAL_NUMBER");
});
