import { expect, test } from "vitest";
import { periodOfRow } from "./division-rows.ts";

const ROW = { code: "110103", name: "崇文区", from_year: "", until_year: "2010", province: "北京市" };

test("a row is a period, open where it names no year", () => {
  expect(periodOfRow(ROW)).toEqual({
    ok: true,
    value: { code: "110103", name: "崇文区", untilYear: 2010, province: "北京市" },
  });
});

test.each([
  [{ code: "11010" }, "division"],
  [{ name: "" }, "name"],
  [{ from_year: "198" }, "from_year"],
  [{ until_year: "2010年" }, "until_year"],
  [{ until_year: " 2010" }, "until_year"],
])("a row with %j is refused for its %s", (change, field) => {
  expect(periodOfRow({ ...ROW, ...change })).toMatchObject({ ok: false, fault: { field } });
});
