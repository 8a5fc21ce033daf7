import { Check, Errors } from "typebox/schema";
import type { Running } from "./city.testing.ts";

type Schema = { readonly [keyword: string]: unknown };
type Media = { readonly [type: string]: { readonly schema?: Schema } };
type Operation = {
  readonly responses: { readonly [status: string]: { readonly content?: Media } };
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly schema?: { readonly pattern?: string };
  }[];
};

/** As much of an OpenAPI document as answers are held against. */
export type ContractDocument = {
  readonly openapi: string;
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: { readonly schemas: { readonly [name: string]: Schema } };
};

/** An answer that the document allows. */
export type Checked = {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what the schema has been held against.
  readonly json: any;
};

/** Asks a server, and throws where its answer is not what its own document says. */
export type Ask = (path: string, init?: RequestInit) => Promise<Checked>;

/** Makes {@link Ask} for a server. */
export async function openContract({ base }: Pick<Running, "base">): Promise<Ask> {
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as ContractDocument;
  return async (path, init = {}) => {
    const response = await fetch(base + path, { redirect: "manual", ...init });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const type = (response.headers.get("content-type") ?? "").split(";")[0]!;
    const json: unknown = type.endsWith("json") && text !== "" ? JSON.parse(text) : undefined;
    const method = (init.method ?? "GET").toLowerCase();
    const problem = findBreach(document, { method, path, status: response.status, type, json });
    if (problem !== undefined) throw new Error(`${method} ${path} ${response.status}: ${problem}\n${text}`);
    return { status: response.status, headers: response.headers, bytes, text, json };
  };
}

type Seen = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly json: unknown;
};

/** Statuses that any address may answer with, which the document does not repeat. */
const ANYWHERE = [304, 405, 414];

function findBreach(document: ContractDocument, seen: Seen): string | undefined {
  if (ANYWHERE.includes(seen.status) || seen.method === "options") return undefined;
  const operation = operationOf(document, seen);
  if (operation === undefined) return "the document has no such operation";
  const { responses } = operation;
  const response = responses[seen.status] ?? responses[`${Math.floor(seen.status / 100)}XX`];
  if (response === undefined) return `the document has no status ${seen.status}`;
  const media = response.content?.[seen.type] ?? response.content?.["*/*"];
  if (seen.type !== "" && media === undefined) return `the document has no ${seen.type}`;
  if (seen.json === undefined || media?.schema === undefined) return undefined;
  const defs = JSON.parse(rebase(document.components.schemas)) as Schema;
  const schema = { ...(JSON.parse(rebase(media.schema)) as Schema), $defs: defs };
  return Check(schema, seen.json) ? undefined : JSON.stringify(Errors(schema, seen.json));
}

function rebase(value: unknown): string {
  return JSON.stringify(value).replaceAll("#/components/schemas/", "#/$defs/");
}

/** The operation of the most particular path that fits. */
function operationOf(document: ContractDocument, { method, path }: Seen): Operation | undefined {
  const [plain = ""] = path.split("?");
  const fitting = Object.keys(document.paths)
    .filter((template) => fits(template, document.paths[template] ?? {}, plain))
    .sort((a, b) => b.replace(/\{.*/, "").length - a.replace(/\{.*/, "").length || b.length - a.length);
  return fitting[0] === undefined
    ? undefined
    : document.paths[fitting[0]]?.[method === "head" ? "get" : method];
}

function fits(template: string, operations: { readonly [method: string]: Operation }, path: string): boolean {
  const parameters = Object.values(operations).flatMap(({ parameters: own }) => own ?? []);
  const patternOf = (name: string): string => {
    const found = parameters.find((one) => one.in === "path" && one.name === name)?.schema?.pattern;
    return found?.replace(/^\^|\$$/g, "") ?? ".+";
  };
  const pattern = template
    .split(/(\{[^}]+\})/)
    .map((part) =>
      part.startsWith("{") ? patternOf(part.slice(1, -1)) : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${pattern}$`).test(path);
}
