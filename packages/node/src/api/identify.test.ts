import { expect, test } from "vitest";
import { openCity, startServer } from "./city.testing.ts";

test("a value is identified, and the number of a person is not", async () => {
  const { registry } = await openCity();
  const { get, close } = await startServer(registry);
  const ask = async (value: string) => {
    const answer = await get(`/v1/identify?value=${encodeURIComponent(value)}`);
    return { status: answer.status, json: (await answer.json()) as object };
  };
  expect(await ask(" 91350100m000100y43")).toMatchObject({
    status: 200,
    json: {
      fits: [{ system: "uscc", canonical: "91350100M000100Y43", mended: ["space", "case"] }],
      nearly: [],
    },
  });
  expect(await ask("nothing that is known, or is it?")).toEqual({
    status: 200,
    json: { fits: [], nearly: [] },
  });
  const person = await ask("11010519491231002X");
  expect(person).toMatchObject({ status: 422, json: { code: "PERSONAL_NUMBER" } });
  expect(JSON.stringify(person)).not.toContain("110105");
  expect(await ask("")).toMatchObject({ status: 400, json: { field: "value" } });
  expect(await ask("1".repeat(513))).toMatchObject({ status: 400, json: { field: "value" } });
  await close();
});
