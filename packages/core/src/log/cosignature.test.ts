import { utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { publicKeyOf, sign, verify } from "../key/ed25519.ts";
import { cosignText, verifyCosignature } from "./cosignature.ts";
import {
  makeVerifierKey,
  type NoteSignature,
  parseNote,
  parseVerifierKey,
  SIGNATURE_TYPES,
  signaturesOf,
  verifyText,
} from "./note.ts";
import { turnBit } from "./reference.testing.ts";

// A checkpoint of a public Certificate Transparency log of 2026, signed by the log under two types and cosigned by
// four public witnesses; the keys are those that the log and the witness publish.
const PUBLIC_NOTE = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`;
const PUBLIC_LOG_KEY =
  "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
const PUBLIC_WITNESS_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";

const TEXT = "registry.example\n3\nERERERERERERERERERERERERERERERERERERERERERE=\nan extension\n";
const NAME = "witness.example/w1";
const seed = new Uint8Array(32).fill(5);
const key = makeVerifierKey(NAME, SIGNATURE_TYPES.cosignature, publicKeyOf(seed));

describe("a cosignature of a public witness", () => {
  const note = parseNote(utf8ToBytes(PUBLIC_NOTE));
  const witness = parseVerifierKey(PUBLIC_WITNESS_KEY);
  const log = parseVerifierKey(PUBLIC_LOG_KEY);
  if (!note.ok || !witness.ok || !log.ok) throw new Error("the public note and keys are well formed");

  test("verifies, beside the log's own signature", () => {
    const [cosignature, ...others] = signaturesOf(note.value, witness.value);
    expect(others).toEqual([]);
    expect(verifyCosignature(note.value.text, cosignature!, witness.value, verify)).toBe(0x6a122120);
    const [signature] = signaturesOf(note.value, log.value);
    expect(verifyText(note.value.text, signature!, log.value, verify)).toBe(true);
  });

  test("is no cosignature of another text, nor under another type", () => {
    const [cosignature] = signaturesOf(note.value, witness.value);
    expect(verifyCosignature(`${note.value.text}x\n`, cosignature!, witness.value, verify)).toBeUndefined();
    const otherType = { ...witness.value, type: SIGNATURE_TYPES.ed25519 };
    expect(verifyCosignature(note.value.text, cosignature!, otherType, verify)).toBeUndefined();
  });
});

describe("a cosignature of ours", () => {
  const timeS = 1_679_315_147;
  const cosignature = cosignText(TEXT, NAME, seed, timeS);
  const check = (changed: Partial<NoteSignature>, text = TEXT) =>
    verifyCosignature(text, { ...cosignature, ...changed }, key, verify);

  test("signs the message of the specification, extension lines too", () => {
    expect([...cosignature.signature.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb]);
    const message = utf8ToBytes(`cosignature/v1\ntime 1679315147\n${TEXT}`);
    expect(cosignature.signature.subarray(8)).toEqual(sign(seed, message));
    expect(check({})).toBe(timeS);
    expect(check({}, TEXT.replace("an extension\n", ""))).toBeUndefined();
  });

  test("does not verify with any bit of its time turned", () => {
    // The time's bits are few, the signature's own are tried where verification is tested.
    for (let bit = 0; bit < 80; bit++) {
      expect(check({ signature: turnBit(cosignature.signature, bit) }), `bit ${bit}`).toBeUndefined();
    }
  });

  test("does not verify under another name, key id or length", () => {
    expect(check({ name: "witness.example/w2" })).toBeUndefined();
    expect(check({ keyId: key.keyId ^ 1 })).toBeUndefined();
    expect(check({ signature: cosignature.signature.subarray(1) })).toBeUndefined();
    expect(check({ signature: cosignature.signature.subarray(8) })).toBeUndefined();
    expect(check({ signature: new Uint8Array(0) })).toBeUndefined();
  });

  test("holds times beyond 32 bits, none beyond 2^53-1 and none of zero", () => {
    for (const time of [1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      expect(verifyCosignature(TEXT, cosignText(TEXT, NAME, seed, time), key, verify), `${time}`).toBe(time);
    }
    for (const time of [0, -1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => cosignText(TEXT, NAME, seed, time), `${time}`).toThrow("invariant broken");
    }
    const always = () => true;
    const withTime = (bytes: number[]) => ({
      ...cosignature,
      signature: new Uint8Array([...bytes, ...new Uint8Array(64)]),
    });
    expect(verifyCosignature(TEXT, withTime([0, 0, 0, 0, 0, 0, 0, 0]), key, always), "zero").toBeUndefined();
    expect(
      verifyCosignature(TEXT, withTime([0, 0x20, 0, 0, 0, 0, 0, 0]), key, always),
      "2^53",
    ).toBeUndefined();
    expect(verifyCosignature(TEXT, withTime(Array(8).fill(255)), key, always), "2^64-1").toBeUndefined();
  });
});
