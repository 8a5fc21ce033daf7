/**
 * Goal: what a client believes is fixed: bundles of today verify tomorrow, and forged ones are refused by the same name.
 * Method: judges each bundle in vectors/proofs anew, and holds the files against the script that writes them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROOF_FAILURES } from "@cityroot/core/proof/failure";
import { describe, expect, test } from "vitest";
import { makeProofVectors, PROOF_VECTORS_FOLDER } from "../scripts/vectors/make-proofs.ts";
import {
  type AliasCase,
  judgeAliasCase,
  judgeCase,
  judgeListCase,
  type ListCase,
  type ProofCase,
  type ProofFile,
} from "../scripts/vectors/proof-case.ts";

function read<Case>(name: string): ProofFile<Case> {
  return JSON.parse(readFileSync(join(PROOF_VECTORS_FOLDER, name), "utf8")) as ProofFile<Case>;
}

const answers = read<ProofCase>("answers.json");
const forged = read<ProofCase>("forged.json");
const federated = read<ProofCase>("federated.json");
const lists = read<ListCase>("lists.json");
const aliases = read<AliasCase>("aliases.json");
const names = (cases: readonly { readonly name: string }[]) => cases.map(({ name }) => name);

describe("vectors of proofs", () => {
  test.each(answers.cases)("an honest answer: $name", (one) => {
    expect(judgeCase(one, answers.policy)).toEqual(one.expect);
    expect(one.expect).not.toHaveProperty("failure");
  });

  test.each(forged.cases)("a forged answer: $name", (one) => {
    expect(judgeCase(one, forged.policy)).toEqual(one.expect);
    expect(PROOF_FAILURES).toContain("failure" in one.expect ? one.expect.failure : "believed");
  });

  test.each(federated.cases)("where another network serves a part: $name", (one) => {
    expect(judgeCase(one, federated.policy)).toEqual(one.expect);
    expect(one.expect).toHaveProperty("standing" in one.expect ? "standing.kind" : "failure");
  });

  test.each(lists.cases)("a list: $name", (one) => {
    expect(judgeListCase(one, lists.policy)).toEqual(one.expect);
  });

  test.each(aliases.cases)("aliases: $name", (one) => {
    expect(judgeAliasCase(one, aliases.policy)).toEqual(one.expect);
  });

  test("cover every kind of answer and of failure, each under a name of its own", () => {
    const kinds = [...answers.cases, ...federated.cases].map(({ expect: form }) =>
      "standing" in form ? form.standing.kind : "",
    );
    expect(new Set(kinds)).toEqual(
      new Set(["record", "in-range", "in-batch", "not-yet-issued", "never-issued", "federated", ""]),
    );
    const failures = forged.cases.map(({ expect: form }) => ("failure" in form ? form.failure : ""));
    const named = PROOF_FAILURES.filter((name) => !["bundle-malformed", "network-other"].includes(name));
    expect(new Set(failures)).toEqual(new Set(named));
    for (const { cases } of [answers, federated, forged, lists, aliases])
      expect(new Set(names(cases)).size).toBe(cases.length);
  });

  test("are what the script makes: node --conditions=source scripts/vectors/make-proofs.ts", () => {
    const made = makeProofVectors();
    expect(readdirSync(PROOF_VECTORS_FOLDER).sort()).toEqual([...made.keys()].sort());
    for (const [name, text] of made) {
      expect(readFileSync(join(PROOF_VECTORS_FOLDER, name), "utf8") === text, name).toBe(true);
    }
  });
});
