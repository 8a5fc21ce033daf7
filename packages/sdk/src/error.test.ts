import { REJECTIONS, type RejectionName } from "@cityroot/core/rejection";
import { expect, test } from "vitest";
import {
  acceptedOf,
  isProofError,
  isRegistryError,
  isTransportError,
  ProofError,
  provenOf,
  RegistryError,
  TransportError,
} from "./error.ts";

test("errors are known by their names, across copies of the package", () => {
  const mine = {
    RegistryError: new RegistryError({ rejection: "CODE_TAKEN", detail: "taken" }),
    ProofError: new ProofError("run-invalid", "no"),
    TransportError: new TransportError({ failure: "network", detail: "no answer", url: "https://x" }),
  };
  const of = { RegistryError: isRegistryError, ProofError: isProofError, TransportError: isTransportError };
  for (const [name, error] of Object.entries(mine)) {
    const copy = Object.assign(new Error(error.message), { ...error, name });
    for (const [asked, is] of Object.entries(of)) {
      expect(is(error), `${name} as ${asked}`).toBe(name === asked);
      expect(is(copy), `a copy of ${name} as ${asked}`).toBe(name === asked);
    }
  }
  for (const is of Object.values(of)) {
    for (const other of [new Error("x"), { name: "RegistryError", rejection: "X" }, null, undefined, "x"]) {
      expect(is(other), String(other)).toBe(false);
    }
  }
});

test("every refusal of the protocol has its number", () => {
  for (const rejection of Object.keys(REJECTIONS) as RejectionName[]) {
    const { number } = new RegistryError({ rejection, detail: "x" });
    expect(number, rejection).toBe(REJECTIONS[rejection].number);
  }
  expect(new RegistryError({ rejection: "toString", detail: "x" }).number).toBeUndefined();
});

test("what the core refused carries its fault", () => {
  const fault = { field: "code", expected: "a code", got: "x", fix: "write one" };
  const rejection = { name: "CODE_MALFORMED", detail: "code: expected a code", fault, operation: 3 } as const;
  expect(() => acceptedOf({ ok: false, rejection })).toThrow(
    "CODE_MALFORMED: code: expected a code; write one",
  );
  try {
    acceptedOf({ ok: false, rejection });
  } catch (error) {
    expect(error).toMatchObject({ ...fault, rejection: "CODE_MALFORMED", number: 60, operation: 3 });
  }
  expect(acceptedOf({ ok: true, value: 7 })).toBe(7);
  expect(provenOf({ ok: true, value: 7 })).toBe(7);
  expect(() => provenOf({ ok: false, failure: { name: "not-shown", detail: "no" } })).toThrow(
    "not-shown: no",
  );
});
