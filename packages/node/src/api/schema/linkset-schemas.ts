import Type, { type TSchema } from "typebox";
import { CLOSED, ref } from "./parts.ts";

/** Schemas of link sets in JSON, from the text of RFC 9264 §4.2, with what GS1-Conformant Resolver Standard 1.2, 2.10, adds. */
export const LINKSET_SCHEMAS: readonly TSchema[] = [
  Type.Object(
    {
      href: Type.String({ description: "Address of the target." }),
      type: Type.Optional(Type.String({ description: "Its media type." })),
      hreflang: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: "Its languages." })),
      title: Type.Optional(Type.String({ description: "What to call it: in link sets of GS1 addresses." })),
      "title*": Type.Optional(
        Type.Array(Type.Object({ value: Type.String(), language: Type.String() }, CLOSED), {
          minItems: 1,
          description: "What to call it, in each language: in link sets of codes.",
        }),
      ),
      context: Type.Optional(
        Type.Array(Type.String({ pattern: "^[A-Z]{2}$" }), {
          minItems: 1,
          description: "Regions that it is for: in link sets of GS1 addresses.",
        }),
      ),
    },
    { $id: "LinkTarget", ...CLOSED, description: "A link of a link set. RFC 9264 §4.2.3." },
  ),
  Type.Object(
    {
      linkset: Type.Array(
        Type.Object(
          {
            anchor: Type.String({ description: "Address of the thing that the links are of." }),
            itemDescription: Type.Optional(
              Type.String({ description: "What the thing is called: in link sets of GS1 addresses." }),
            ),
          },
          {
            additionalProperties: Type.Array(ref("LinkTarget"), {
              minItems: 1,
              description: "The links of a relation, which is the name of this member.",
            }),
          },
        ),
      ),
    },
    { $id: "Linkset", ...CLOSED, description: "A link set. RFC 9264 §4.2." },
  ),
];
