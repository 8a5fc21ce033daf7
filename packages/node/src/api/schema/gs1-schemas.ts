import Type, { type TSchema } from "typebox";
import { PRIMARY_KEYS } from "../../gs1/read-address.ts";
import { CLOSED } from "./parts.ts";

/** Schemas of what a resolver of GS1 says of itself. */
export const GS1_SCHEMAS: readonly TSchema[] = [
  Type.Object(
    {
      name: Type.String(),
      resolverRoot: Type.String({ description: "Where the addresses begin." }),
      supportedPrimaryKeys: Type.Array(
        Type.Enum([...PRIMARY_KEYS], { description: "Application identifier of a key." }),
      ),
      supportedLinkType: Type.Array(
        Type.Object(
          {
            namespace: Type.String(),
            prefix: Type.String({ pattern: "^[a-zA-Z_][A-Za-z0-9_-]*:$", examples: ["gs1:"] }),
          },
          CLOSED,
        ),
      ),
      linkTypeDefaultCanBeLinkset: Type.Boolean(),
      supportedContextValuesExternal: Type.Array(
        Type.Object({ nameOfList: Type.String(), url: Type.String() }, CLOSED),
      ),
      jsonLdContextLocation: Type.String(),
    },
    { $id: "Gs1Resolver", ...CLOSED, description: "GS1-Conformant Resolver Standard 1.2, 3." },
  ),
];
