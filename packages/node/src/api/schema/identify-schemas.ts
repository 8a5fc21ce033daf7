import Type, { type TSchema } from "typebox";
import { CLOSED, orNull, ref } from "./parts.ts";

const WORDS = Type.Object(
  { en: Type.String(), zh: Type.String() },
  { $id: "Words", ...CLOSED, description: "A text in English and in Chinese." },
);

const PART = Type.Object(
  {
    name: Type.String({ description: "The same wherever the same thing is meant.", examples: ["division"] }),
    label: ref("Words"),
    text: Type.String({ description: "The characters of the canonical value." }),
    meaning: Type.Optional(ref("Words")),
    refersTo: Type.Optional(
      Type.Object(
        { system: Type.String(), value: Type.String() },
        { ...CLOSED, description: "The value of another system that they are." },
      ),
    ),
  },
  { $id: "ValuePart", ...CLOSED },
);

const FIT = Type.Object(
  {
    system: Type.String({
      description: "The scheme under which records name such codes.",
      examples: ["uscc"],
    }),
    title: ref("Words"),
    standards: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          clause: Type.Optional(Type.String()),
          basis: Type.Union([
            Type.Literal("standard"),
            Type.Literal("public-source"),
            Type.Literal("common-knowledge"),
          ]),
        },
        CLOSED,
      ),
    ),
    canonical: Type.String({ description: "The only way in which the system writes the value." }),
    check: Type.Union([Type.Literal("right"), Type.Literal("none")], {
      description: "Whether check characters agree, or the system has none.",
    }),
    mended: Type.Array(
      Type.Union([
        Type.Literal("full-width"),
        Type.Literal("space"),
        Type.Literal("separator"),
        Type.Literal("case"),
      ]),
      { description: "What was set right before it was read." },
    ),
    parts: Type.Array(ref("ValuePart")),
  },
  { $id: "SystemFit", ...CLOSED },
);

const NEAR_FIT = Type.Object(
  {
    system: Type.String(),
    title: ref("Words"),
    kind: Type.Union([Type.Literal("form"), Type.Literal("value"), Type.Literal("check")]),
    field: Type.String(),
    at: Type.Optional(Type.Integer({ minimum: 0 })),
    expected: Type.String(),
    got: Type.String(),
    meant: Type.Optional(Type.String({ description: "The value that was probably meant." })),
  },
  {
    $id: "SystemNearFit",
    ...CLOSED,
    description: "A system whose form the text has, and why it is none of its values.",
  },
);

const CARRIED_FAULT = Type.Object(
  {
    field: Type.String(),
    at: Type.Optional(Type.Integer({ minimum: 0 })),
    expected: Type.String(),
    got: Type.String(),
    kind: Type.Optional(Type.Union([Type.Literal("form"), Type.Literal("value"), Type.Literal("check")])),
    meant: Type.Optional(Type.String()),
  },
  { $id: "CarriedFault", ...CLOSED },
);

const CARRIED = Type.Object(
  {
    form: Type.Union(
      ["element-string", "digital-link", "message", "web-address", "uri", "barcode"].map((form) =>
        Type.Literal(form),
      ),
      {
        description:
          "Elements of GS1, the same as an address, an ISO/IEC 15434 message, another address, a URN or a name behind the scheme of its system, or a plain text that a scanner read.",
      },
    ),
    symbology: Type.Optional(
      Type.Object(
        { identifier: Type.String({ examples: ["]d2"] }), name: ref("Words") },
        { ...CLOSED, description: "The kind of barcode, as the scanner said." },
      ),
    ),
    fields: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: "How the carrier names it.", examples: ["01", "25S", "path"] }),
          label: ref("Words"),
          text: orNull(Type.String(), { description: "What it says; null where it tells of a person." }),
          meaning: Type.Optional(ref("Words")),
        },
        CLOSED,
      ),
    ),
    values: Type.Array(
      Type.Object(
        {
          field: Type.String(),
          text: Type.String(),
          fits: Type.Array(ref("SystemFit")),
          nearly: Type.Array(ref("SystemNearFit")),
        },
        CLOSED,
      ),
      { description: "Texts within it that are values of coding systems." },
    ),
    digitalLink: Type.Optional(
      Type.String({ description: "The canonical GS1 Digital Link URI of the thing." }),
    ),
    doubts: Type.Array(ref("CarriedFault"), { description: "What may be missing or too much." }),
    fault: Type.Optional(ref("CarriedFault")),
  },
  { $id: "Carried", ...CLOSED, description: "What a text holds that is more than a code." },
);

const IDENTIFY_ANSWER = Type.Object(
  {
    fits: Type.Array(ref("SystemFit")),
    nearly: Type.Array(ref("SystemNearFit")),
    carried: Type.Optional(ref("Carried")),
    asOf: ref("AsOf"),
    day: Type.String({ format: "date", description: "The day that was asked about, or today." }),
    aliases: Type.Array(
      Type.Object(
        {
          system: Type.String(),
          value: Type.String(),
          meaning: orNull(ref("AliasMeaning")),
          aliases: Type.Array(ref("Alias")),
        },
        CLOSED,
      ),
      {
        description:
          "What is claimed of it, and of what it carries, in the systems that they fit; 16 claims of each at most.",
      },
    ),
  },
  { $id: "IdentifyAnswer", ...CLOSED, description: "Several fits are not weighed against one another." },
);

/** Schemas of identification. */
export const IDENTIFY_SCHEMAS: readonly TSchema[] = [
  WORDS,
  PART,
  FIT,
  NEAR_FIT,
  CARRIED_FAULT,
  CARRIED,
  IDENTIFY_ANSWER,
];
