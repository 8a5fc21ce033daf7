/**
 * Goal: who decides over a network is believed as the state has it, and not from anything less.
 * Method: bundles of a registry before and after validators were set, honest, with runs left out, and of another state.
 */
import { expect, test } from "vitest";
import { setParametersOf, setValidatorsOf, testValidator } from "../operation/operation.testing.ts";
import { NETWORK_KEY } from "../state/key.ts";
import { type Bundle, encodeBundle } from "./bundle.ts";
import { TEST_POLICY } from "./checkpoint.testing.ts";
import { proveGovernance, verifyGovernance } from "./governance.ts";
import { NATION, type Snapshot, testRegistry } from "./registry.testing.ts";

const registry = testRegistry();
registry.run(NATION, setValidatorsOf(testValidator(1), testValidator(2, 7)));
registry.run(NATION, setParametersOf({ blockTransactionsMax: 700 }));

const proofOf = (snapshot: Snapshot): Bundle => proveGovernance(snapshot.source, snapshot);
const check = (bundle: Bundle) => verifyGovernance(encodeBundle(bundle), { policy: TEST_POLICY });

test("validators and parameters are those of the state, and none where there are none", () => {
  const shown = check(proofOf(registry.at()));
  expect(shown).toMatchObject({
    ok: true,
    value: {
      checkpoint: { height: 2 },
      network: { id: registry.ledger.ledger.network.id },
      validators: { version: 1, validators: [{ name: "validator-1" }, { name: "validator-2", power: 7 }] },
      parameters: { blockTransactionsMax: 700, protocol: 1, next: null },
    },
  });
  expect(check(proofOf(registry.at(0)))).toMatchObject({
    ok: true,
    value: { validators: null, parameters: { blockTransactionsMax: 5_000, protocol: 1 } },
  });
});

test("nothing is believed that a run of this state does not show", () => {
  const honest = proofOf(registry.at());
  for (const at of honest.runs.keys()) {
    const runs = honest.runs.filter((_, index) => index !== at);
    expect(check({ ...honest, runs }), `without run ${at}`).toMatchObject({
      ok: false,
      failure: { name: "not-shown" },
    });
  }
  const { runs } = proofOf(registry.at(1));
  expect(check({ ...honest, runs })).toMatchObject({ ok: false, failure: { name: "run-invalid" } });
  const added = honest.runs.map((run, at) => {
    const [entry] = run.entries;
    return at === 1 ? { ...run, entries: [{ ...entry!, value: runs[0]!.entries[0]!.value }] } : run;
  });
  expect(check({ ...honest, runs: added })).toMatchObject({ ok: false, failure: { name: "run-invalid" } });
  expect(honest.runs[0]!.entries.map(({ key }) => key)).toContain(NETWORK_KEY);
});
