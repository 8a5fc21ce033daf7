import Type, { type TSchema } from "typebox";
import { CLOSED } from "./parts.ts";

const VALUE = Type.Object(
  {
    index: Type.Integer({ minimum: 1, description: "The same for the same thing of every handle." }),
    type: Type.String({ examples: ["URL", "URL.describedby", "ATTRIBUTE.name"] }),
    data: Type.Object(
      {
        format: Type.Literal("string"),
        value: Type.String({ description: "Text, or JSON of what is no text." }),
      },
      CLOSED,
    ),
    ttl: Type.Integer({ minimum: 0, description: "Seconds that the value may be kept." }),
    timestamp: Type.String({ format: "date-time" }),
  },
  { $id: "HandleValue", ...CLOSED, description: "RFC 3651 §3.1." },
);

const ANSWER = Type.Object(
  {
    responseCode: Type.Integer({
      description:
        "1: here they are; 2: a parameter cannot be used; 100: never issued; 102: no code; 200: none of them; 301: another server's.",
    }),
    handle: Type.String({ description: "As it was asked for." }),
    message: Type.Optional(Type.String()),
    values: Type.Optional(Type.Array(Type.Ref("HandleValue"))),
  },
  { $id: "HandleAnswer", ...CLOSED },
);

/** Schemas of handles. */
export const HANDLE_SCHEMAS: readonly TSchema[] = [VALUE, ANSWER];
