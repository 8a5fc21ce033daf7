// Writes vectors/proofs: bundles of a small registry, honest and forged, with what a client is to make of each.
// Run: node --conditions=source scripts/vectors/make-proofs.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import { writePolicy } from "@cityroot/core/log/witness-policy";
import { type Bundle, encodeBundle } from "@cityroot/core/proof/bundle";
import { TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { aliasCases, type MadeAliases } from "./alias-proofs.ts";
import { federatedCases } from "./federated-proofs.ts";
import { forgedCases } from "./forged-proofs.ts";
import { forgedLists, honestLists } from "./list-proofs.ts";
import {
  type AliasCase,
  judgeAliasCase,
  judgeCase,
  judgeListCase,
  type ListCase,
  type ProofCase,
  type ProofFile,
  type ProofQuestion,
} from "./proof-case.ts";
import { HEAD, honest, lamp } from "./proof-world.ts";

/** Where the files are. */
export const PROOF_VECTORS_FOLDER: string = fileURLToPath(new URL("../../vectors/proofs/", import.meta.url));

const policy = writePolicy(TEST_POLICY);

/** Cases before they are judged: a name, a code and a bundle. */
export type MadeCase = ProofQuestion & {
  readonly name: string;
  readonly code: string;
  readonly bundle: Bundle;
};
/** Lists before they are judged. */
export type MadeList = ProofQuestion & {
  readonly name: string;
  readonly prefix: string;
  readonly after?: string;
  readonly bundle: Bundle;
};

function honestCases(): MadeCase[] {
  const about = (name: string, serial: string, question: ProofQuestion = {}): MadeCase => {
    const { asOf } = question;
    const bundle = honest(serial, asOf === undefined ? {} : { asOf });
    return { name, code: lamp(serial), ...question, bundle };
  };
  const of = (name: string, code: string): MadeCase => {
    return { name, code, bundle: proveAnswer(HEAD.source, code as Code, HEAD) };
  };
  const timeMs = HEAD.checkpoint.timeMs - 2000;
  return [
    about("a record", "1"),
    about("a record that was retired", "5"),
    { name: "a record with its delegations", code: lamp("1"), bundle: honest("1", { delegations: true }) },
    { name: "a gap with its delegations", code: lamp("2"), bundle: honest("2", { delegations: true }) },
    about("never issued, between two records", "2"),
    about("never issued, below a record", "5.1"),
    of("never issued, before the first code", "MA.001"),
    of("never issued, after the last code", "MA.999"),
    about("the first code of a range", "100"),
    about("a code of a range", "101"),
    about("the last code of a range", "149"),
    about("a code of a range, after a record within it", "126"),
    about("a code of a range whose first code has a record", "201"),
    about("a code of a range that has a record", "125"),
    about("never issued, below a code of a range", "101.1"),
    about("never issued, longer than a code of a range", "1010"),
    about("never issued, a letter among a range's digits", "10A"),
    about("never issued, between records within a range", "125.2"),
    about("never issued, right after a record that ends a range", "2490"),
    about("never issued, right after a range", "150"),
    about("the first item of a batch", "b1"),
    about("an item of a batch", "b5"),
    about("the last item of a batch", "b9"),
    about("never issued, between two items of a batch", "b4"),
    about("never issued, below an item of a batch", "b5.1"),
    about("an earlier version, by height", "5", { asOf: { height: 3 } }),
    about("an earlier version, by time", "5", { asOf: { timeMs } }),
    about("an earlier version, by number", "5", { asOf: { version: 2 } }),
    about("what a range implied before its code had a record", "125", { asOf: { height: 4 } }),
    about("not yet issued, a record", "6", { asOf: { height: 4 } }),
    about("not yet issued, a code of a range", "101", { asOf: { height: 2 } }),
    about("under a checkpoint as new as was asked for", "1", {
      notBefore: { height: HEAD.checkpoint.height },
    }),
  ];
}

function judged(cases: readonly MadeCase[]): ProofCase[] {
  return cases.map(({ bundle, ...rest }) => {
    const one = { ...rest, bundle: bytesToHex(encodeBundle(bundle)) };
    return { ...one, expect: judgeCase(one, policy) };
  });
}

function judgedLists(cases: readonly MadeList[]): ListCase[] {
  return cases.map(({ bundle, ...rest }) => {
    const one = { ...rest, bundle: bytesToHex(encodeBundle(bundle)) };
    return { ...one, expect: judgeListCase(one, policy) };
  });
}

function judgedAliases(cases: readonly MadeAliases[]): AliasCase[] {
  return cases.map(({ bundle, ...rest }) => {
    const one = { ...rest, bundle: bytesToHex(encodeBundle(bundle)) };
    return { ...one, expect: judgeAliasCase(one, policy) };
  });
}

type AnyProofFile = ProofFile<ProofCase> | ProofFile<ListCase> | ProofFile<AliasCase>;

/** The files by name, as text. */
export function makeProofVectors(): ReadonlyMap<string, string> {
  const files: readonly (readonly [string, AnyProofFile])[] = [
    [
      "aliases.json",
      {
        about: "What is claimed of legacy codes, honest and forged.",
        policy,
        cases: judgedAliases(aliasCases()),
      },
    ],
    ["answers.json", { about: "Honest answers.", policy, cases: judged(honestCases()) }],
    [
      "federated.json",
      { about: "Codes that another network serves.", policy, cases: judged(federatedCases()) },
    ],
    ["forged.json", { about: "Answers that no client may believe.", policy, cases: judged(forgedCases()) }],
    [
      "lists.json",
      {
        about: "Lists, honest and forged.",
        policy,
        cases: judgedLists([...honestLists(), ...forgedLists()]),
      },
    ],
  ];
  return new Map(files.map(([name, file]) => [name, `${JSON.stringify(file, null, 1)}\n`]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(PROOF_VECTORS_FOLDER, { recursive: true });
  for (const [name, text] of makeProofVectors()) writeFileSync(join(PROOF_VECTORS_FOLDER, name), text);
}
