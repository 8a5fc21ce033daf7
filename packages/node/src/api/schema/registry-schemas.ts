import Type, { type TSchema } from "typebox";
import { PAYLOAD_STANDINGS } from "../../payload/payload-holdings.ts";
import { base64, CLOSED, code, count, hex, orNull, ref, STATUS, time } from "./parts.ts";

const RULE = Type.Object(
  {
    shapes: Type.Array(Type.String()),
    issuer: Type.String(),
    classes: orNull(Type.Array(Type.String())),
    required: Type.Array(
      Type.Object({ class: Type.String(), attributes: Type.Array(Type.String()) }, CLOSED),
    ),
    countMax: orNull(Type.Integer()),
    untilMs: orNull(Type.Integer()),
    sequence: Type.Boolean(),
    checkCharacter: Type.Boolean(),
  },
  { $id: "Rule", ...CLOSED, description: "An issuing rule, spec 8." },
);

const PREFIX_ANSWER = Type.Object(
  {
    prefix: code(),
    asOf: ref("AsOf"),
    version: Type.Integer({ minimum: 1 }),
    since: ref("Moment"),
    status: STATUS,
    holder: ref("HolderName"),
    bound: orNull(ref("Rule"), { description: "What its delegator bound it to." }),
    own: orNull(ref("Rule"), { description: "What its holder chose within that." }),
    issued: count("How many codes it has issued itself."),
    chain: Type.Array(ref("HeldPrefix"), {
      description: "The prefixes above it and itself, from the root down.",
    }),
  },
  { $id: "PrefixAnswer", ...CLOSED },
);

const THRESHOLD = {
  needed: Type.Integer({ minimum: 1 }),
  keys: Type.Array(count("Position in the list of keys.")),
};

const KEY_SET = Type.Object(
  {
    keys: Type.Array(hex(32, "An Ed25519 public key.")),
    root: Type.Object(THRESHOLD, CLOSED),
    registrar: Type.Object(THRESHOLD, CLOSED),
    records: Type.Object(THRESHOLD, CLOSED),
    recovery: orNull(Type.Object({ ...THRESHOLD, delayMs: count("Delay of a recovery.") }, CLOSED)),
  },
  { $id: "KeySet", ...CLOSED },
);

const HOLDER_ANSWER = Type.Object(
  {
    id: hex(20, "Id of the holder."),
    asOf: ref("AsOf"),
    name: ref("Text"),
    version: Type.Integer({ minimum: 1 }),
    since: ref("Moment"),
    keys: ref("KeySet"),
    pending: orNull(
      Type.Object(
        { keys: ref("KeySet"), begun: ref("Moment"), readyAt: time("From when it may end.") },
        CLOSED,
      ),
      { description: "A recovery under way." },
    ),
  },
  { $id: "HolderAnswer", ...CLOSED },
);

const ITEM_ANSWER = Type.Object(
  {
    code: code(),
    asOf: ref("AsOf"),
    batch: ref("Interval"),
    item: base64("The item, spec 6.4."),
    index: count("Its place in the batch."),
    path: Type.Array(hex(32, "A hash on the way to the root.")),
  },
  { $id: "ItemAnswer", ...CLOSED },
);

/** The members of a problem, RFC 9457 and ours; more may be added. */
const PROBLEM = Type.Object(
  {
    type: Type.String({ format: "uri-reference" }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "One sentence for people; never parsed." }),
    code: Type.String({ description: "Stable name of the problem." }),
    number: Type.Optional(Type.Integer({ description: "Number of a refusal on the ledger." })),
    field: Type.Optional(Type.String()),
    at: Type.Optional(count("Where in the field's text the trouble begins.")),
    expected: Type.Optional(Type.String()),
    got: Type.Optional(Type.String()),
    fix: Type.Optional(Type.String({ description: "What to do about it." })),
    operation: Type.Optional(count("Index of the operation that was refused.")),
    referral: Type.Optional(ref("Referral")),
  },
  { $id: "Problem" },
);

const SUBMIT_ANSWER = Type.Object(
  {
    height: count("Height of the newest block."),
    results: Type.Array(
      Type.Union([
        Type.Object(
          {
            id: hex(32, "Id of the transaction."),
            status: Type.Literal("committed"),
            height: count("Height of its block."),
            index: count("Its place in the block."),
          },
          CLOSED,
        ),
        Type.Object(
          { id: hex(32, "Id of the transaction."), status: Type.Literal("pending") },
          { description: "Waits for a block; only where an early answer was asked for.", ...CLOSED },
        ),
        Type.Object(
          { id: orNull(Type.String()), status: Type.Literal("refused"), problem: ref("Problem") },
          CLOSED,
        ),
      ]),
      { description: "In the order of the request." },
    ),
  },
  { $id: "SubmitAnswer", ...CLOSED },
);

const PAYLOAD_ANSWER = Type.Object(
  {
    digest: hex(32, "SHA-256 of the payload."),
    sizeBytes: count("Its length."),
    root: hex(32, "RFC 6962 root over the items."),
    count: count("How many items."),
    first: code(),
    last: code(),
  },
  { $id: "PayloadAnswer", ...CLOSED },
);

const NETWORK_ANSWER = Type.Object(
  {
    id: Type.String(),
    genesis: hex(32, "SHA-256 of the genesis in its CBOR form."),
    protocol: Type.Integer(),
    origin: Type.String({ description: "Name of the log." }),
    height: count("Height of the newest block."),
    time: time("Its time."),
    policy: Type.Object(
      {
        origin: Type.String(),
        logKeys: Type.Array(Type.String(), {
          description: "Verifier keys of the log, C2SP signed-note: of each node that signs it.",
        }),
        witnesses: Type.Array(Type.String()),
        quorum: count("How many witnesses have to cosign."),
      },
      { ...CLOSED, description: "Whose checkpoints to believe. Get it once by a way that you trust." },
    ),
  },
  { $id: "NetworkAnswer", ...CLOSED },
);

const PAYLOAD_COUNTS = Type.Object(
  {
    referred: count("How many the ledger refers to."),
    whole: count("How many of them are whole on this node."),
    missing: count("How many are missing here."),
    damaged: count("How many are not what they were."),
    unfit: count("How many have items that do not make the root on the ledger: no copy can fit."),
    height: count("Up to which block the ledger was looked through."),
  },
  { $id: "PayloadCounts", ...CLOSED },
);

const PAYLOAD_LIST_ANSWER = Type.Object(
  {
    height: orNull(Type.Integer({ minimum: 0 }), {
      description: "Up to which block the ledger was looked through; null while it was not.",
    }),
    payloads: Type.Array(
      Type.Object(
        {
          digest: hex(32, "SHA-256 of the payload."),
          sizeBytes: count("Its length."),
          root: hex(32, "RFC 6962 root over its items."),
          count: count("How many items."),
          first: code(),
          last: code(),
          standing: Type.Union(PAYLOAD_STANDINGS.map((standing) => Type.Literal(standing))),
          checked: orNull(time("When it was looked at last."), { description: "Null where that never was." }),
        },
        CLOSED,
      ),
    ),
    next: orNull(hex(32, "Where the next part begins: `after`."), { description: "Null at the end." }),
  },
  { $id: "PayloadListAnswer", ...CLOSED },
);

const READY_ANSWER = Type.Object(
  {
    status: Type.Literal("ready"),
    asOf: ref("AsOf"),
    writes: orNull(Type.String(), {
      description: "Why no transactions are taken; null while they are.",
    }),
    payloads: orNull(ref("PayloadCounts"), {
      description: "How the payloads stand that the ledger refers to; null while that is not known.",
    }),
  },
  { $id: "ReadyAnswer", ...CLOSED },
);

/** Schemas of holders, prefixes and the registry itself, and of problems. */
export const REGISTRY_SCHEMAS: readonly TSchema[] = [
  RULE,
  PREFIX_ANSWER,
  KEY_SET,
  HOLDER_ANSWER,
  ITEM_ANSWER,
  PROBLEM,
  SUBMIT_ANSWER,
  PAYLOAD_ANSWER,
  NETWORK_ANSWER,
  PAYLOAD_COUNTS,
  PAYLOAD_LIST_ANSWER,
  READY_ANSWER,
];
