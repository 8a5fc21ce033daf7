import Type, { type TSchema } from "typebox";
import { base64, CLOSED, code, count, hex, orNull, ref, STATUS, time } from "./parts.ts";

const TEXT = Type.Record(Type.String(), Type.String(), {
  $id: "Text",
  description: "A text by language tag.",
  examples: [{ en: "Traffic department", zh: "交通部门" }],
});

const MOMENT = Type.Object(
  { height: count("Height of the block."), time: time("Time of the block.") },
  { $id: "Moment", ...CLOSED },
);

const AS_OF = Type.Object(
  {
    height: count("Height of the block that the answer is as of."),
    time: time("Its time."),
    ageMs: count("How old that block is by this server's clock, in milliseconds."),
  },
  { $id: "AsOf", ...CLOSED },
);

const HOLDER_NAME = Type.Object(
  { id: hex(20, "Id of the holder."), name: ref("Text") },
  { $id: "HolderName", ...CLOSED },
);

const HELD_PREFIX = Type.Object(
  { prefix: code("A delegated prefix."), status: STATUS, holder: ref("HolderName") },
  { $id: "HeldPrefix", ...CLOSED },
);

const LINK = Type.Object(
  {
    rel: Type.String(),
    href: Type.String({ format: "uri" }),
    type: Type.Optional(Type.String()),
    lang: Type.Optional(Type.String()),
    title: Type.Optional(ref("Text")),
  },
  { $id: "Link", ...CLOSED },
);

const DESCRIPTION = {
  class: Type.String({ description: "Class of the thing, such as `transit-stop`." }),
  attributes: Type.Record(Type.String(), Type.Unknown(), {
    description: "Public attributes by name, spec 6.2.",
  }),
  links: Type.Array(ref("Link")),
  commitments: Type.Array(Type.Object({ name: Type.String(), digest: hex(32, "Salted SHA-256.") }, CLOSED)),
};

const FEDERATION = Type.Object(
  {
    network: Type.String({ description: "Id of the network.", examples: ["hebei-3f8a01bc"] }),
    genesis: hex(32, "SHA-256 of its genesis."),
    endpoints: Type.Array(Type.String({ format: "uri" }), {
      minItems: 1,
      maxItems: 8,
      description: "Addresses of its servers. The holder of the prefix chose them: ask them with care.",
    }),
    policy: Type.Object(
      {
        origin: Type.String(),
        logKeys: Type.Array(Type.String()),
        witnesses: Type.Array(Type.String()),
        quorum: count("How many witnesses have to cosign."),
      },
      { ...CLOSED, description: "Which of its checkpoints count, spec 8.6." },
    ),
  },
  { $id: "Federation", ...CLOSED, description: "A network that serves what lies below a prefix, spec 6.10." },
);

const REFERRAL = Type.Object(
  { prefix: code("The federated prefix above the code."), status: STATUS, federation: ref("Federation") },
  { $id: "Referral", ...CLOSED, description: "Which network serves a code." },
);

const RECORD = Type.Object(
  {
    version: Type.Integer({ minimum: 1, description: "Counts from 1." }),
    isCurrent: Type.Boolean({ description: "Whether it is the newest version." }),
    status: STATUS,
    ...DESCRIPTION,
    within: orNull(code(), { description: "First code of the range or batch that the code lies within." }),
    holder: orNull(ref("HolderName"), {
      description: "Whom the code was transferred to; null while it goes with its prefix.",
    }),
    succession: orNull(
      Type.Object(
        {
          kind: Type.Union([Type.Literal("rename"), Type.Literal("merge"), Type.Literal("split")]),
          codes: Type.Array(code()),
        },
        CLOSED,
      ),
      { description: "How and by which codes it was superseded." },
    ),
    reason: orNull(Type.String(), { description: "Token that says why the status is not active." }),
    federation: orNull(ref("Federation"), {
      description: "The network that serves what lies below; null where this one does.",
    }),
    since: ref("Moment"),
  },
  { $id: "Record", ...CLOSED },
);

const INTERVAL = Type.Object(
  {
    type: Type.Union([Type.Literal("range"), Type.Literal("batch")]),
    first: code("First code."),
    last: code("Last code."),
    count: count("How many codes it issued."),
    since: ref("Moment"),
  },
  { $id: "Interval", ...CLOSED, description: "Many codes issued by one operation." },
);

const CODE_ANSWER = Type.Object(
  {
    code: code("The code in its canonical form."),
    standing: Type.Union([Type.Literal("record"), Type.Literal("in-range"), Type.Literal("in-batch")], {
      description: "Whether it has a record of its own, or the one that its range or batch implies.",
    }),
    asOf: ref("AsOf"),
    record: ref("Record"),
    interval: orNull(ref("Interval")),
    prefix: orNull(ref("HeldPrefix"), {
      description: "The nearest delegated prefix at or above the code.",
    }),
    isPrefix: Type.Boolean({ description: "Whether the code itself is a delegated prefix." }),
    proof: Type.Optional(base64("The proof bundle, spec 5.12.")),
  },
  { $id: "CodeAnswer", ...CLOSED },
);

const HISTORY_ANSWER = Type.Object(
  {
    code: code(),
    asOf: ref("AsOf"),
    versions: Type.Array(ref("Record"), { description: "Newest first." }),
    next: orNull(count("Give it as `before` for the versions before these."), {}),
  },
  { $id: "HistoryAnswer", ...CLOSED },
);

const LISTED = Type.Object(
  {
    code: code("The code; of an interval the first one."),
    type: Type.Union([Type.Literal("record"), Type.Literal("range"), Type.Literal("batch")]),
    class: Type.String(),
    name: orNull(ref("Text")),
    status: STATUS,
    isPrefix: Type.Boolean({ description: "Whether the code is a delegated prefix." }),
    interval: orNull(ref("Interval"), { description: "The range or batch that begins with this code." }),
    since: ref("Moment"),
  },
  { $id: "ListedEntry", ...CLOSED },
);

const LIST_ANSWER = Type.Object(
  {
    prefix: code(),
    asOf: ref("AsOf"),
    entries: Type.Array(ref("ListedEntry"), { description: "In order of the tree." }),
    next: orNull(code(), { description: "Give it as `after` for what follows; null at the end." }),
    proof: Type.Optional(base64("The proof that nothing is left out, spec 5.14.")),
  },
  { $id: "ListAnswer", ...CLOSED },
);

/** Schemas of what is said of a code: its record, its history, and its place in lists. */
export const CODE_SCHEMAS: readonly TSchema[] = [
  TEXT,
  MOMENT,
  AS_OF,
  HOLDER_NAME,
  HELD_PREFIX,
  LINK,
  FEDERATION,
  REFERRAL,
  RECORD,
  INTERVAL,
  CODE_ANSWER,
  HISTORY_ANSWER,
  LISTED,
  LIST_ANSWER,
];
