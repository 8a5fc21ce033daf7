import { expect, test } from "vitest";
import { openCity, startServer } from "./city.testing.ts";

test("a value is identified, and the number of a person is not", async () => {
  const { registry } = await openCity();
  const { get, close } = await startServer(registry);
  const ask = async (value: string) => {
    const answer = await get(`/v1/identify?value=${encodeURIComponent(value)}`);
    return { status: answer.status, json: (await answer.json()) as object };
  };
  const { status, json } = await ask(" 91350100m000100y43");
  const { fits } = json as { fits: { system: string }[] };
  expect(status).toBe(200);
  expect(fits.find(({ system }) => system === "uscc")).toMatchObject({
    canonical: "91350100M000100Y43",
    mended: ["space", "case"],
  });
  expect(await ask("??? ???")).toEqual({ status: 200, json: { fits: [], nearly: [] } });
  const person = await ask("11010519491231002X");
  expect(person).toMatchObject({ status: 422, json: { code: "PERSONAL_NUMBER" } });
  expect(JSON.stringify(person)).not.toContain("110105");
  expect(await ask("")).toMatchObject({ status: 400, json: { field: "value" } });
  expect(await ask("1".repeat(513))).toMatchObject({ status: 400, json: { field: "value" } });
  await close();
});
