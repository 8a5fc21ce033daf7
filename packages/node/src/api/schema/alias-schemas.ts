import { ALIAS_RELATIONS, ALIAS_VERDICTS } from "@cityroot/core/state/alias";
import Type, { type TSchema } from "typebox";
import { base64, CLOSED, code, count, hex, orNull, ref } from "./parts.ts";

const STANDINGS = ["claimed", "confirmed", "disputed", "withdrawn"] as const;

function wordOf(words: readonly string[], description: string): TSchema {
  return Type.Union(
    words.map((word) => Type.Literal(word)),
    { description },
  );
}

function day(description: string): TSchema {
  return Type.String({ format: "date", description, examples: ["1980-01-01"] });
}

const EVIDENCE = orNull(hex(32, "SHA-256 of what it rests on."));

const STATEMENT = Type.Object(
  {
    verdict: wordOf(ALIAS_VERDICTS, "What is thought of the claim."),
    holder: ref("HolderName"),
    evidence: EVIDENCE,
    since: ref("Moment"),
  },
  { $id: "AliasStatement", ...CLOSED },
);

const ALIAS = Type.Object(
  {
    system: Type.String({ description: "Name of the coding system." }),
    value: Type.String({ description: "The legacy code." }),
    relation: wordOf(ALIAS_RELATIONS, "How the legacy code and the target go together, spec 5.20.1."),
    target: code("The code that it is said to be, or to belong to."),
    claimant: code("The prefix that claims it."),
    holder: orNull(ref("HolderName"), { description: "Who holds that prefix now." }),
    standing: wordOf(STANDINGS, "How the claim stands, spec 5.20.4."),
    from: orNull(day("First day on which the legacy code meant this.")),
    until: orNull(day("Last day on which it did.")),
    evidence: EVIDENCE,
    claimed: ref("Moment"),
    byTarget: orNull(ref("AliasStatement"), {
      description: "What the holder thinks who has the say over the target.",
    }),
    bySystem: orNull(ref("AliasStatement"), { description: "What the coding system's authority thinks." }),
    version: Type.Integer({ minimum: 1 }),
    since: ref("Moment"),
  },
  { $id: "Alias", ...CLOSED },
);

const MEANING = Type.Union(
  [
    Type.Object(
      { kind: Type.Literal("one"), target: code(), isConfirmed: Type.Boolean() },
      { ...CLOSED, description: "One code, confirmed by somebody who has a say or only claimed." },
    ),
    Type.Object(
      { kind: Type.Literal("conflict"), targets: Type.Array(code()) },
      { ...CLOSED, description: "It is claimed to be several: it has no one meaning." },
    ),
    Type.Object(
      { kind: Type.Literal("ended"), targets: Type.Array(code()) },
      { ...CLOSED, description: "None on that day; these on other days." },
    ),
    Type.Object(
      { kind: Type.Literal("none") },
      { ...CLOSED, description: "Nobody claims that it is a code." },
    ),
  ],
  { $id: "AliasMeaning", description: "What all claims come to on a day, spec 5.20.5." },
);

const NEXT = orNull(Type.String({ description: "Where the next part begins: `after`." }), {
  description: "Null at the end.",
});

const ALIASES_ANSWER = Type.Object(
  {
    system: Type.String(),
    value: Type.String({ description: "The legacy code as its system writes it." }),
    asOf: ref("AsOf"),
    day: day("The day that was asked for, or today."),
    authority: orNull(code(), { description: "The prefix that is the coding system's authority." }),
    meaning: orNull(ref("AliasMeaning"), { description: "Null where too much is claimed to be weighed." }),
    aliases: Type.Array(ref("Alias")),
    next: NEXT,
    proof: Type.Optional(base64("A proof bundle, spec 5.22.")),
  },
  { $id: "AliasesAnswer", ...CLOSED },
);

const ALIAS_LOOKUP_ANSWER = Type.Object(
  {
    system: Type.String(),
    asOf: ref("AsOf"),
    day: day("The day that was asked for, or today."),
    found: Type.Array(
      Type.Object(
        {
          value: Type.String({ description: "The legacy code as its system writes it." }),
          meaning: orNull(ref("AliasMeaning"), {
            description: "Null where more is claimed than is shown here.",
          }),
          aliases: Type.Array(ref("Alias"), { description: "At most 16." }),
        },
        CLOSED,
      ),
      { description: "For the values from the first on; fewer than were asked for where much is claimed." },
    ),
  },
  { $id: "AliasLookupAnswer", ...CLOSED },
);

const ALIASES_OF_CODE_ANSWER = Type.Object(
  {
    code: code(),
    asOf: ref("AsOf"),
    aliases: Type.Array(ref("Alias")),
    next: NEXT,
    proof: Type.Optional(base64("A proof bundle, spec 5.22.")),
  },
  { $id: "AliasesOfCodeAnswer", ...CLOSED },
);

const WORDS = Type.Object({ en: Type.String(), zh: Type.String() }, CLOSED);

const CODING_SYSTEMS_ANSWER = Type.Object(
  {
    asOf: ref("AsOf"),
    systems: Type.Array(
      Type.Object(
        {
          system: Type.String(),
          title: orNull(WORDS, { description: "Null for a system that only the ledger knows." }),
          standards: Type.Array(Type.String()),
          authority: orNull(code(), { description: "The prefix that is its authority." }),
        },
        CLOSED,
      ),
    ),
    known: count("How many of them this program can check."),
  },
  { $id: "CodingSystemsAnswer", ...CLOSED },
);

/** Schemas of aliases and coding systems. */
export const ALIAS_SCHEMAS: readonly TSchema[] = [
  STATEMENT,
  ALIAS,
  MEANING,
  ALIASES_ANSWER,
  ALIASES_OF_CODE_ANSWER,
  ALIAS_LOOKUP_ANSWER,
  CODING_SYSTEMS_ANSWER,
];
