import type { Code } from "@cityroot/codes/ma/code";
import { expect, test } from "vitest";
import { issueOf, testHolder, testLedger } from "./ledger.testing.ts";
import { codeKey } from "./state/key.ts";
import { decodeRecord } from "./state/record.ts";

const CHINA = "MA.156" as Code;
const CITY = "MA.156.1301" as Code;

test("a holder issues below its prefix, delegates, and the delegate issues on its own", () => {
  const nation = testHolder("Nation", 1);
  const city = testHolder("City", 2);
  const ledger = testLedger([{ prefix: CHINA, holder: nation, rule: null }]);
  expect(ledger.run(nation, issueOf("MA.156.13"))).toEqual({ ok: true, value: undefined });
  const delegation = ledger.run(nation, {
    type: "delegate",
    prefix: CITY,
    holder: city.declaration,
    rule: null,
    class: "city",
    attributes: [["name", [["zh", "石家庄市"]]]],
  });
  expect(delegation).toEqual({ ok: true, value: undefined });
  expect(ledger.run(city, issueOf("MA.156.1301.02/60.10000000.1/000123"))).toEqual({
    ok: true,
    value: undefined,
  });
  const foreign = ledger.run(city, issueOf("MA.156.1302"));
  expect(foreign.ok ? "" : foreign.rejection.name).toBe("NOT_AUTHORISED");
  const reached = ledger.run(nation, issueOf("MA.156.1301.03"));
  expect(reached.ok ? "" : reached.rejection.name).toBe("NOT_AUTHORISED");
  const taken = ledger.run(nation, issueOf("MA.156.13"));
  expect(taken.ok ? "" : taken.rejection.name).toBe("CODE_TAKEN");
  const record = decodeRecord(ledger.state.get(codeKey("MA.156.13" as Code))!);
  expect(record?.version).toBe(1);
});

test("a code of a range answers, and gets a record of its own when it changes", () => {
  const nation = testHolder("Nation", 1);
  const ledger = testLedger([{ prefix: CHINA, holder: nation, rule: null }]);
  const first = "MA.156.1301.02/60.10000000.1/000000000" as Code;
  const range = { class: "lamp", attributes: [], links: [], commitments: [] };
  expect(
    ledger.run(nation, { type: "issue-range", first, digits: 9, count: 1_000_000_000, ...range }),
  ).toEqual({ ok: true, value: undefined });
  const taken = ledger.run(nation, issueOf("MA.156.1301.02/60.10000000.1/000000123"));
  expect(taken.ok ? "" : taken.rejection.name).toBe("CODE_TAKEN");
  const code = "MA.156.1301.02/60.10000000.1/000000123" as Code;
  expect(ledger.run(nation, { type: "retire", code, reason: "damaged", item: null })).toEqual({
    ok: true,
    value: undefined,
  });
  const record = decodeRecord(ledger.state.get(codeKey(code))!);
  expect(record).toMatchObject({ version: 2, status: "retired", within: first, class: "lamp" });
});
