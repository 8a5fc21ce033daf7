import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import type { ApiRoute } from "./context.ts";
import { ALIAS_SCHEMAS } from "./schema/alias-schemas.ts";
import { CODE_SCHEMAS } from "./schema/code-schemas.ts";
import { GS1_SCHEMAS } from "./schema/gs1-schemas.ts";
import { HANDLE_SCHEMAS } from "./schema/handle-schemas.ts";
import { IDENTIFY_SCHEMAS } from "./schema/identify-schemas.ts";
import { LINKSET_SCHEMAS } from "./schema/linkset-schemas.ts";
import { NETWORK_SCHEMAS } from "./schema/network-schemas.ts";
import { REGISTRY_SCHEMAS } from "./schema/registry-schemas.ts";

const DESCRIPTION = `Issue MA codes under rules held on a ledger, and resolve any code with a proof that can be checked without
this server. Every answer about the registry carries the headers \`cityroot-height\`, \`cityroot-time\` and
\`cityroot-network\`. Refusals are problem details (RFC 9457). "Never issued" is an answer with a proof; when the server
cannot tell, it says 503 UNAVAILABLE. Everything is public to read, from any origin; no cookies are set.`;

/**
 * Makes the OpenAPI document from the routes that are added after this. Its addresses are those of `publicUrl`, or where
 * that is empty, of the server that it is got from.
 */
export async function addOpenApi(app: FastifyInstance, version: string, publicUrl: string): Promise<void> {
  for (const schema of [
    ...CODE_SCHEMAS,
    ...REGISTRY_SCHEMAS,
    ...NETWORK_SCHEMAS,
    ...IDENTIFY_SCHEMAS,
    ...ALIAS_SCHEMAS,
    ...HANDLE_SCHEMAS,
    ...LINKSET_SCHEMAS,
    ...GS1_SCHEMAS,
  ])
    app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Cityroot",
        version,
        description: DESCRIPTION,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: publicUrl === "" ? "/" : publicUrl }],
      tags: [
        { name: "resolve", description: "What the ledger says of a code." },
        { name: "submit", description: "Changing the ledger." },
        { name: "registry", description: "The registry itself." },
        { name: "log", description: "The transparency log, C2SP tlog-tiles." },
        { name: "operation", description: "Running the server." },
        { name: "page", description: "Pages for people." },
      ],
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json["$id"] === "string" ? json["$id"] : `schema-${index}`,
    },
    transform: ({ schema, url, route }) => {
      const { api } = (route.config ?? {}) as { readonly api?: ApiRoute };
      if (api?.rest === undefined) return { schema, url };
      return { schema: nameRest(schema, api.rest), url: url.replace("*", `:${api.rest}`) };
    },
  });
}

type Named = { readonly params?: unknown };

/** The schema with what `*` stands for under its name. */
function nameRest<T extends Named>(schema: T, name: string): T {
  const params = schema.params as { readonly properties: { readonly [name: string]: unknown } } | undefined;
  if (params === undefined) return schema;
  const { "*": rest, ...others } = params.properties;
  const properties = { ...others, [name]: rest };
  return { ...schema, params: { type: "object", required: Object.keys(properties), properties } };
}
