import { isPointInJavaScript } from "@cityroot/core/key/ed25519";
import { ED25519_EDGE_CASES } from "@cityroot/core/key/ed25519.testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isPointNative } from "./native-ed25519.ts";

// Goal: which keys may be given is the same whoever asks, whatever the bytes.

function agree(bytes: Uint8Array): boolean {
  const isPoint = isPointNative(bytes);
  expect(isPoint, Buffer.from(bytes).toString("hex")).toBe(isPointInJavaScript(bytes));
  return isPoint;
}

test("a point is what the core says is one, at the edges of the encoding", () => {
  let points = 0;
  // All y below 256 and from 2^255-256 on, with either sign: zero, one, minus one, what is beyond the field.
  for (const middle of [0, 255]) {
    for (const last of [0, 1, 126, 127, 128, 129, 254, 255]) {
      for (let first = 0; first < 256; first++) {
        const bytes = new Uint8Array(32).fill(middle);
        bytes[0] = first;
        bytes[31] = last;
        if (agree(bytes)) points += 1;
      }
    }
  }
  expect(points).toBeGreaterThan(1_000);
  for (const { publicKey, signature } of ED25519_EDGE_CASES) {
    agree(Buffer.from(publicKey, "hex"));
    agree(Buffer.from(signature.slice(0, 64), "hex"));
  }
});

test("a point is what the core says is one, for any bytes", () => {
  const runs = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(runs, (bytes) => void agree(bytes)),
    { numRuns: 2_000 },
  );
});
