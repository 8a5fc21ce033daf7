import type { Code } from "@cityroot/codes/ma/code";
import { claimOf } from "@cityroot/core/operation/operation.testing";
import type { Day } from "@cityroot/core/state/day";
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
  expect(await ask("??? ???")).toMatchObject({ status: 200, json: { fits: [], nearly: [], aliases: [] } });
  const person = await ask("11010519491231002X");
  expect(person).toMatchObject({ status: 422, json: { code: "PERSONAL_NUMBER" } });
  expect(JSON.stringify(person)).not.toContain("110105");
  expect(await ask("")).toMatchObject({ status: 400, json: { field: "value" } });
  expect(await ask("1".repeat(513))).toMatchObject({ status: 400, json: { field: "value" } });
  await close();
});

test("a value that is claimed says so, with what the claims come to on a day", async () => {
  const { registry, holders } = await openCity();
  const claim = { claimant: "MA.156.1301.01" as Code, target: "MA.156.1301.01/60.10000000.1/000123" as Code };
  const until = "1999-12-31" as Day;
  await registry.given(
    holders.works,
    claimOf({ ...claim, system: "gtin-13", value: "6901234567892", until }),
  );
  const { get, close } = await startServer(registry);
  const ask = async (more: string) =>
    (await (await get(`/v1/identify?value=690-1234567892${more}`)).json()) as object;
  expect(await ask("&day=1995")).toMatchObject({
    day: "1995-12-31",
    aliases: [
      {
        ...{ system: "gtin-13", value: "6901234567892", meaning: { kind: "one", target: claim.target } },
        aliases: [{ claimant: claim.claimant, standing: "confirmed", until }],
      },
    ],
  });
  expect(await ask("")).toMatchObject({ aliases: [{ meaning: { kind: "ended", targets: [claim.target] } }] });
  expect((await get("/v1/identify?value=1&day=99")).status).toBe(400);
  await close();
});

test("what a scanned text carries is identified, and what is claimed of it is told", async () => {
  const { registry, holders } = await openCity();
  const claim = { claimant: "MA.156.1301.01" as Code, target: "MA.156.1301.01/60.10000000.1/000123" as Code };
  await registry.given(holders.works, claimOf({ ...claim, system: "gtin-13", value: "6901234567892" }));
  const { get, close } = await startServer(registry);
  const ask = async (value: string) =>
    (await (await get(`/v1/identify?value=${encodeURIComponent(value)}`)).json()) as object;
  const meaning = { kind: "one", target: claim.target };
  for (const text of ["(01)06901234567892(21)7", "]E06901234567892", "https://x.cn/01/6901234567892"]) {
    expect(await ask(text)).toMatchObject({
      carried: { digitalLink: expect.stringContaining("https://id.gs1.org/01/06901234567892") },
      aliases: [{ system: "gtin-13", value: "6901234567892", meaning }],
    });
  }
  expect(await ask("]d2010690123456789221A\x1d8018952123450000000005")).toMatchObject({
    carried: {
      form: "element-string",
      symbology: { identifier: "]d2" },
      fields: [{ name: "01" }, { name: "21", text: "A" }, { name: "8018", text: null }],
    },
  });
  expect(await ask("(01)06901234567893")).toMatchObject({
    carried: { fault: { field: "(01)", expected: "2", got: "3", kind: "check" } },
    aliases: [],
  });
  const person = await ask("https://x.cn/?id=%31%310105194912310%302X");
  expect(person).toMatchObject({ code: "PERSONAL_NUMBER" });
  await close();
});
