import { expect, test } from "vitest";
import { findQrVersion, isQrAlphanumeric, qrCapacityOf } from "./qr-version.ts";

/** Capacities of ISO/IEC 18004:2015, table 7, at level Q. */
test.each([
  [1, 16, 11],
  [2, 29, 20],
  [3, 47, 32],
  [4, 67, 46],
  [9, 189, 130],
  [10, 221, 151],
  [26, 1094, 751],
  [27, 1172, 805],
  [39, 2298, 1579],
  [40, 2420, 1663],
])("version %i holds %i alphanumeric characters or %i bytes", (version, alphanumeric, bytes) => {
  expect(qrCapacityOf("alphanumeric", version)).toBe(alphanumeric);
  expect(qrCapacityOf("byte", version)).toBe(bytes);
});

test("capacities grow with the version", () => {
  for (let version = 2; version <= 40; version++) {
    for (const mode of ["alphanumeric", "byte"] as const) {
      const [less, more] = [qrCapacityOf(mode, version - 1), qrCapacityOf(mode, version)];
      expect(more, `${mode} ${version}`).toBeGreaterThan(less);
      expect(findQrVersion(mode, more), `${mode} ${version}`).toBe(version);
      expect(findQrVersion(mode, less + 1), `${mode} ${version}`).toBe(version);
    }
  }
  expect(findQrVersion("byte", 1664)).toBeUndefined();
});

test("the alphanumeric mode holds 45 characters", () => {
  let held = "";
  for (let unit = 0; unit < 256; unit++) if (isQrAlphanumeric(unit)) held += String.fromCharCode(unit);
  expect(held).toBe(" $%*+-./0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ");
});
