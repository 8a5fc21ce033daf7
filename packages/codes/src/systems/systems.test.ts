import { expect, test } from "vitest";
import { readValue } from "./read-value.ts";
import { CODING_SYSTEMS, systemOf } from "./systems.ts";

test("every system has an id of its own", () => {
  expect(new Set(CODING_SYSTEMS.map(({ id }) => id)).size).toBe(CODING_SYSTEMS.length);
  for (const system of CODING_SYSTEMS) expect(systemOf(system.id)).toBe(system);
  expect(systemOf("none")).toBeUndefined();
});

test("what a part refers to is a value of the system that it names", () => {
  for (const system of CODING_SYSTEMS) {
    for (const { value } of system.examples) {
      const read = readValue(system, value);
      if (!read.ok) throw new Error(`${system.id} refuses ${value}`);
      for (const { refersTo } of read.value.parts) {
        const other = refersTo === undefined ? undefined : systemOf(refersTo.system);
        if (refersTo === undefined || other === undefined) continue;
        expect(readValue(other, refersTo.value), `${system.id} ${value}`).toMatchObject({
          ok: true,
          value: { canonical: refersTo.value },
        });
      }
    }
  }
});
