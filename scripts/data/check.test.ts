import { expect, test } from "vitest";
import { checkData } from "./check.ts";
import { DATA_FOLDER } from "./tables.ts";

const findings = checkData(DATA_FOLDER);

test.each(findings)("$file: $property is $expected", ({ expected, found }) => {
  expect(found).toBe(expected);
});
