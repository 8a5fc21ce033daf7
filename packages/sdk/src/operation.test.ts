import { bytesToHex } from "@cityroot/core/hex";
import { OPERATIONS, type Operation, operationToJson } from "@cityroot/core/operation/operation";
import { expect, test } from "vitest";
import { isRegistryError } from "./error.ts";
import { keySet } from "./key-set.ts";
import {
  claimAlias,
  confirmAlias,
  delegate,
  disputeAlias,
  federate,
  issue,
  issueRange,
  recoverKeys,
  reinstate,
  retire,
  rotateKeys,
  setCodingSystem,
  setParameters,
  setRule,
  setValidators,
  supersede,
  suspend,
  transfer,
  update,
  withdrawAlias,
} from "./operation.ts";
import { prepareBatch } from "./prepare-batch.ts";
import { seedSigner } from "./signer.ts";

const CODE = "MA.156.1301.02/60.10000000.1/000123";
const { publicKey } = seedSigner(new Uint8Array(32).fill(1));
const ONE = { name: "water", publicKey: bytesToHex(publicKey), power: 10 };
const ALIAS = { system: "gtin-13", value: "6901234567892", claimant: "MA.156.1301.02", target: CODE };
const KEYS = keySet({ keys: [publicKey] });

test("every operation of the protocol can be made with no more than it needs", async () => {
  const made: Operation[] = [
    issue({ code: CODE, class: "lamp" }),
    issueRange({ first: CODE, digits: 6, count: 10, class: "lamp" }),
    (await prepareBatch({ class: "lamp", items: [{ code: CODE }] })).operation,
    update({ code: CODE }),
    suspend({ code: CODE, reason: "damaged" }),
    reinstate({ code: CODE }),
    retire({ code: CODE, reason: "demolished" }),
    supersede({ codes: [CODE], kind: "rename", successors: ["MA.156.1301.02/60.10000000.1/000124"] }),
    transfer({ code: CODE, to: "00".repeat(20) }),
    delegate({
      prefix: "MA.156.1301.02",
      holder: { name: { en: "Bureau" }, keys: KEYS },
      class: "department",
    }),
    setRule({ prefix: "MA.156.1301.02", rule: { shapes: ["issue /60**"] } }),
    rotateKeys({ keys: KEYS }),
    recoverKeys({ step: "begin", keys: KEYS }),
    setValidators({ validators: [ONE] }),
    setParameters({ blockTransactionsMax: 1_000 }),
    federate({ prefix: CODE, federation: null }),
    claimAlias(ALIAS),
    confirmAlias({ ...ALIAS, as: "target" }),
    disputeAlias({ ...ALIAS, as: "system" }),
    withdrawAlias(ALIAS),
    setCodingSystem({ system: "gtin-13", authority: null }),
  ];
  expect(new Set(made.map(({ type }) => type))).toEqual(new Set(Object.keys(OPERATIONS)));
  for (const operation of made) expect(operationToJson(operation)["type"]).toBe(operation.type);
});

test("members that are undefined count as left out", () => {
  const attributes = undefined as never;
  expect(issue({ code: CODE, class: "lamp", attributes })).toEqual(issue({ code: CODE, class: "lamp" }));
  expect(recoverKeys({ step: "contest" })).toEqual({ type: "recover-keys", step: "contest", keys: null });
});

test("codes are made canonical and attributes sorted, as they are signed", () => {
  const made = issue({
    code: "MA.156.1301.02/60.10000000.1/000123",
    class: "lamp",
    attributes: { name: { zh: "路灯", en: "Lamp" }, material: "steel" },
  });
  expect(operationToJson(made)).toEqual({
    type: "issue",
    code: CODE,
    class: "lamp",
    attributes: { material: "steel", name: { en: "Lamp", zh: "路灯" } },
    links: [],
    commitments: [],
  });
});

test("a field that is wrong is refused by name before anything is sent", () => {
  const cases: [string, () => Operation, object][] = [
    ["class", () => issue({ code: CODE, class: "Lamp" }), { rejection: "CLASS_MALFORMED", field: "class" }],
    ["code", () => issue({ code: "no", class: "lamp" }), { rejection: "CODE_MALFORMED" }],
    [
      "attribute",
      () => issue({ code: CODE, class: "lamp", attributes: { owner: "me" } as never }),
      { rejection: "ATTRIBUTE_UNKNOWN", fix: expect.any(String) },
    ],
    [
      "unknown member",
      () => issue({ code: CODE, class: "lamp", colour: "red" } as never),
      { rejection: "OPERATION_MALFORMED", got: "colour" },
    ],
    ["holder", () => transfer({ code: CODE, to: "me" }), { field: "to" }],
    ["rule", () => setRule({ prefix: CODE, rule: {} as never }), { rejection: "RULE_MALFORMED" }],
    ["power", () => setValidators({ validators: [{ ...ONE, power: 0 }] }), { field: "validators[0].power" }],
    ["bytes", () => setParameters({ blockBytesMax: 1 }), { rejection: "PARAMETERS_MALFORMED" }],
    ["keys", () => rotateKeys({ keys: { ...KEYS, keys: [] } }), { name: "RegistryError" }],
  ];
  for (const [what, make, expected] of cases) {
    let caught: unknown;
    try {
      make();
    } catch (error) {
      caught = error;
    }
    expect(isRegistryError(caught), what).toBe(true);
    expect(caught, what).toMatchObject(expected);
  }
});

test("a key set gives every role any one of its keys unless told otherwise", () => {
  const two = { needed: 2, keys: [0, 1] };
  expect(keySet({ keys: [publicKey, publicKey], root: two })).toMatchObject({
    root: two,
    registrar: { needed: 1, keys: [0, 1] },
    records: { needed: 1, keys: [0, 1] },
    recovery: null,
  });
});
