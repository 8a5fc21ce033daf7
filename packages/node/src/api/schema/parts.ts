import Type, { type TSchema, type TSchemaOptions } from "typebox";

/** Options of an object that has no other members. */
export const CLOSED = { additionalProperties: false } as const;

/** A shared schema by its name. */
export function ref(name: string): TSchema {
  return Type.Ref(name);
}

/** A value that may be null. */
export function orNull(schema: TSchema, options: TSchemaOptions = {}): TSchema {
  return Type.Union([schema, Type.Null()], options);
}

/** Bytes of a name, in hexadecimal. */
export function hex(bytes: number, description: string): TSchema {
  return Type.String({ pattern: `^[0-9a-f]{${2 * bytes}}$`, description });
}

/** Bytes that nobody reads, in base64. */
export function base64(description: string): TSchema {
  return Type.String({ contentEncoding: "base64", description });
}

/** A code. */
export function code(description = "A code."): TSchema {
  return Type.String({ description, examples: ["MA.156.1301.02"] });
}

/** A whole number from 0 on. */
export function count(description: string): TSchema {
  return Type.Integer({ minimum: 0, description });
}

/** A time, RFC 3339 in UTC. */
export function time(description: string): TSchema {
  return Type.String({ format: "date-time", description, examples: ["2026-11-22T08:00:00.000Z"] });
}

/** Status of a code or prefix. */
export const STATUS: TSchema = Type.Union([
  Type.Literal("active"),
  Type.Literal("suspended"),
  Type.Literal("retired"),
]);
