import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { textIdentificationToJson } from "@cityroot/codes/carrier/carried-json";
import type { Code } from "@cityroot/codes/ma/code";
import { decodeCbor } from "@cityroot/core/cbor";
import { sha256 } from "@cityroot/core/hash";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { identifyValue } from "@cityroot/core/identify-value";
import { verify } from "@cityroot/core/key/ed25519";
import { writePolicy } from "@cityroot/core/log/witness-policy";
import { decodeItem } from "@cityroot/core/operation/batch-item";
import { governingPrefix } from "@cityroot/core/operation/governor";
import { splitItemStream } from "@cityroot/core/operation/item-stream";
import { keySetField } from "@cityroot/core/operation/key-set-field";
import { type AliasPart, proveAliased, proveAliases, readStem } from "@cityroot/core/proof/aliases";
import type { AsOf } from "@cityroot/core/proof/answer";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { TEST_ORIGIN, TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { proveGovernance } from "@cityroot/core/proof/governance";
import type { ItemBook } from "@cityroot/core/proof/memory-source.testing";
import { proveList } from "@cityroot/core/proof/prove";
import { proveBytes, type Snapshot, type TestRegistry } from "@cityroot/core/proof/registry.testing";
import { REJECTIONS, type Rejection } from "@cityroot/core/rejection";
import { ruleToJson } from "@cityroot/core/rule/rule";
import { decodeAlias, stemOfAliased, stemOfLegacy } from "@cityroot/core/state/alias";
import { meaningOf } from "@cityroot/core/state/alias-meaning";
import type { Day } from "@cityroot/core/state/day";
import type { Moment } from "@cityroot/core/state/entry";
import { decodeHolder } from "@cityroot/core/state/holder";
import {
  holderKey,
  misbehaviourKey,
  ruleKey,
  type StateKey,
  tallyKey,
  VALIDATORS_KEY,
} from "@cityroot/core/state/key";
import { decodeMisbehaviour, type RecordedMisbehaviour } from "@cityroot/core/state/misbehaviour";
import { decodePrefixRules, decodeTally } from "@cityroot/core/state/prefix";
import { addressOf, decodeValidators } from "@cityroot/core/state/validators";
import { checkSignatures, decodeTransaction } from "@cityroot/core/transaction";
import { type ResolvedStatement, resolvedAlias } from "./find-aliases.ts";
import { verifyBundle } from "./verify-bundle.ts";

/** What a test server answers with. */
export type TestAnswer = {
  readonly status?: number;
  readonly type?: string;
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A question as a test server sees it. */
export type Question = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Uint8Array;
};

/** In place of the honest answer: another one, nothing to be honest, or writing to the socket by oneself. */
export type Lie = (question: Question, response: ServerResponse) => TestAnswer | "written" | undefined;

/** A registry over HTTP on the loopback, with real proofs by the core's own prover. */
export type TestServer = {
  readonly url: string;
  readonly questions: readonly Question[];
  /** From now on, answers go through this first; undefined makes the server honest again. */
  readonly lie: (lie: Lie | undefined) => void;
  readonly close: () => Promise<void>;
};

/** Serves a test registry; `at` gives the state that is answered from, the newest unless said otherwise. */
export async function serveRegistry(
  registry: TestRegistry,
  at: () => Snapshot = () => registry.at(),
): Promise<TestServer> {
  const places = new Map<string, { height: number; index: number }>();
  const questions: Question[] = [];
  let lie: Lie | undefined;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://test");
    const question: Question = {
      method: request.method ?? "GET",
      path: url.pathname.slice(1),
      query: url.searchParams,
      headers: request.headers,
      body: await bodyOf(request),
    };
    questions.push(question);
    const answer = lie?.(question, response) ?? honest(registry, at, places, question);
    if (answer === "written") return;
    const { checkpoint } = at();
    response.writeHead(answer.status ?? 200, {
      "content-type": answer.type ?? "application/json; charset=utf-8",
      "cityroot-network": registry.ledger.ledger.network.id,
      "cityroot-height": String(checkpoint.height),
      "cityroot-time": new Date(checkpoint.timeMs).toISOString(),
      ...answer.headers,
    });
    response.end(answer.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions,
    lie: (next) => {
      lie = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return new Uint8Array(Buffer.concat(parts));
}

type Places = Map<string, { height: number; index: number }>;

function honest(registry: TestRegistry, at: () => Snapshot, places: Places, question: Question): TestAnswer {
  const { method, path } = question;
  if (method === "POST" && path === "v1/transactions") return submit(registry, places, question);
  if (method === "PUT" && path === "v1/payloads") return store(registry, question);
  if (path === "v1/network") return network(registry, at());
  if (path === "v1/network/validators" && question.headers.accept === PROOF) return provenValidators(at());
  if (path === "v1/network/validators") return reportedValidators(at(), question.query);
  if (path === "v1/checkpoint") return checkpointOf(at());
  if (path === "v1/identify") return identified(question.query);
  if (path === "v1/aliases/lookup") return lookedUp(at(), question);
  if (path === "v1/aliases") return aliases(at(), question.query);
  const [, kind, code] = /^v1\/(aliases|proofs|lists|codes|prefixes|holders)\/(.+)$/.exec(path) ?? [];
  if (kind === "aliases") return aliasesOf(at(), code!, question.query);
  if (kind === "proofs") return proof(at(), code!, question.query);
  if (kind === "lists") return listPart(at(), code!, question.query);
  if (kind === "codes") return unproven(at(), code!, question.query);
  if (kind === "prefixes") return reportedPrefix(at(), code!);
  if (kind === "holders") return reportedHolder(at(), code!);
  return problem({ status: 404, code: "NOT_FOUND", detail: "Nothing has this address" });
}

function identified(query: URLSearchParams): TestAnswer {
  const identification = identifyValue(query.get("value") ?? "");
  if (!identification.ok) return problem(problemOf(identification.rejection) as never);
  return { body: JSON.stringify(textIdentificationToJson(identification.value)) };
}

function aliases(snapshot: Snapshot, query: URLSearchParams): TestAnswer {
  const legacy = { system: query.get("system")!, value: query.get("value")! };
  const part = partOf(stemOfLegacy(legacy), query);
  return {
    type: PROOF,
    body: encodeBundle(proveAliases(snapshot.source, legacy, snapshot, { ...part, authority: true })),
  };
}

function lookedUp({ source }: Snapshot, { body }: Question): TestAnswer {
  const { system, values } = JSON.parse(new TextDecoder().decode(body)) as {
    readonly system: string;
    readonly values: readonly string[];
  };
  const named = (statement: ResolvedStatement | null): object | null =>
    statement && { ...statement, holder: { id: statement.holder, name: {} } };
  const found = values.map((value) => {
    const { entries } = readStem(source, stemOfLegacy({ system, value }), { limit: 16 });
    const aliases = entries.map((entry) => decodeAlias(entry.value)!);
    const told = aliases
      .map(resolvedAlias)
      .map((one) => ({ ...one, byTarget: named(one.byTarget), bySystem: named(one.bySystem) }));
    return { value, meaning: meaningOf(aliases, "2026-01-01" as Day), aliases: told };
  });
  return { body: JSON.stringify({ found }) };
}

function aliasesOf(snapshot: Snapshot, code: string, query: URLSearchParams): TestAnswer {
  const part = partOf(stemOfAliased(code as Code), query);
  return { type: PROOF, body: encodeBundle(proveAliased(snapshot.source, code as Code, snapshot, part)) };
}

/** Parts of no more than three, so that every client meets more than one. */
function partOf(stem: string, query: URLSearchParams): AliasPart {
  const after = query.get("after");
  const limit = Math.min(3, Number(query.get("limit")));
  if (after === null) return { limit };
  const rest = String.fromCharCode(...hexToBytes(after)!);
  return { limit, after: `${stem}${rest}` as StateKey };
}

/** A problem of RFC 9457. */
export function problem(members: {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly [member: string]: unknown;
}): TestAnswer {
  return {
    status: members.status,
    type: "application/problem+json",
    body: JSON.stringify({ type: `/problems/${members.code}`, title: members.code, ...members }),
  };
}

function problemOf({ name, detail, fault, operation }: Rejection): { status: number; code: string } {
  const members = { ...fault, ...(operation !== undefined && { operation }) };
  return { status: REJECTIONS[name].http, code: name, ...{ detail }, ...members };
}

function asOfOf(query: URLSearchParams): AsOf | undefined {
  const [height, time, version] = ["as-of-height", "as-of-time", "version"].map((name) => query.get(name));
  if (height !== null) return { height: Number(height) };
  if (time !== null) return { timeMs: Number(time) };
  return version === null ? undefined : { version: Number(version) };
}

/** The bundle that an honest server gives at a snapshot. */
export function proof(snapshot: Snapshot, code: string, query: URLSearchParams): TestAnswer {
  const asOf = asOfOf(query);
  const isAsked = (name: string): boolean => query.get(name) === "true";
  const shown = { delegations: isAsked("delegations"), network: isAsked("network") };
  const body = proveBytes(snapshot, code, { ...shown, ...(asOf !== undefined && { asOf }) });
  return { type: "application/vnd.cityroot.proof", body };
}

const PROOF = "application/vnd.cityroot.proof";

/** The bundle of a snapshot's validators and parameters. */
function provenValidators(snapshot: Snapshot): TestAnswer {
  return { type: PROOF, body: encodeBundle(proveGovernance(snapshot.source, snapshot)) };
}

/** The bundle of a snapshot's checkpoint alone. */
function checkpointOf({ note, sealPath }: Snapshot): TestAnswer {
  const body = encodeBundle({ note, sealPath, runs: [], items: [], versions: [] });
  return { type: "application/vnd.cityroot.proof", body };
}

function listPart(snapshot: Snapshot, prefix: string, query: URLSearchParams): TestAnswer {
  const after = query.get("after");
  const limit = Number(query.get("limit"));
  const part = proveList(snapshot.source, prefix as Code, snapshot, {
    limit,
    ...(after !== null && { after: after as Code }),
  });
  return { type: "application/vnd.cityroot.proof", body: encodeBundle(part.bundle) };
}

function unproven(snapshot: Snapshot, code: string, query: URLSearchParams): TestAnswer {
  const asOf = asOfOf(query);
  const bytes = proveBytes(snapshot, code, { delegations: true, ...(asOf !== undefined && { asOf }) });
  const seen = verifyBundle({
    bytes,
    code,
    policy: TEST_POLICY,
    delegations: true,
    ...(asOf !== undefined && { asOf }),
  });
  if (seen.standing === "never-issued") {
    return problem({ status: 404, code: "CODE_NEVER_ISSUED", detail: `${code} was never issued` });
  }
  if (seen.standing === "federated") {
    const { referral } = seen;
    return problem({ status: 421, code: "SERVED_ELSEWHERE", detail: "another network serves it", referral });
  }
  if (seen.standing === "not-yet-issued") {
    return problem({ status: 404, code: "NOT_YET_ISSUED", detail: `${code} was not yet issued` });
  }
  const { standing, interval, prefix, asOf: moment } = seen;
  const record = { ...seen.record, holder: holderOf(snapshot, seen.record.holder) };
  return {
    body: JSON.stringify({ code, standing, record, interval, prefix, asOf: { ...moment, ageMs: 5 } }),
  };
}

/** Whom a code was transferred to, by id and name. */
function holderOf({ source }: Snapshot, id: string | null): object | null {
  const bytes = id === null ? undefined : source.get(holderKey(Uint8Array.from(Buffer.from(id, "hex"))));
  return bytes === undefined ? null : { id, name: Object.fromEntries(decodeHolder(bytes)!.name as never) };
}

/** Of the real answer only what a client reads: the rules and the count, which no bundle shows. */
function reportedPrefix({ source }: Snapshot, prefix: string): TestAnswer {
  const bytes = source.get(ruleKey(prefix as Code));
  const rules = bytes === undefined ? undefined : decodePrefixRules(bytes);
  const [bound, own] = [rules?.bound, rules?.own].map((rule) => (rule ? ruleToJson(rule) : null));
  const issued = decodeTally(source.get(tallyKey(prefix as Code)));
  return { body: JSON.stringify({ prefix, bound, own, issued }) };
}

function reportedHolder({ source }: Snapshot, id: string): TestAnswer {
  const bytes = source.get(holderKey(Uint8Array.from(Buffer.from(id, "hex"))));
  if (bytes === undefined) {
    return problem({ status: 404, code: "HOLDER_UNKNOWN", detail: `no holder has the id ${id}` });
  }
  const { name, version, since, keys, pending } = decodeHolder(bytes)!;
  const timeOf = (timeMs: number): string => new Date(timeMs).toISOString();
  const momentOf = ({ height, timeMs }: Moment): object => ({ height, time: timeOf(timeMs) });
  const recovery = pending && {
    keys: keySetField.toJson(pending.keys),
    begun: momentOf(pending.begun),
    readyAt: timeOf(pending.readyAtMs),
  };
  const holder = { id, name: Object.fromEntries(name as never), version, since: momentOf(since) };
  return { body: JSON.stringify({ ...holder, keys: keySetField.toJson(keys), pending: recovery }) };
}

/** What a client reads of the real answer: one misbehaviour a part. */
function reportedValidators({ source, checkpoint }: Snapshot, query: URLSearchParams): TestAnswer {
  const before = Number(query.get("before") ?? Number.MAX_SAFE_INTEGER);
  const { validators, since } = decodeValidators(source.get(VALIDATORS_KEY)!)!;
  const entry = source.before(misbehaviourKey(before, 0));
  const found = entry === undefined ? undefined : decodeMisbehaviour(entry.value);
  const momentOf = ({ height, timeMs }: Moment) => ({ height, time: new Date(timeMs).toISOString() });
  const body = {
    asOf: { ...momentOf(checkpoint), ageMs: 5 },
    governor: governingPrefix(source),
    validators: validators.map(({ name, publicKey, power }) => {
      return { name, publicKey: bytesToHex(publicKey), address: bytesToHex(addressOf(publicKey)), power };
    }),
    since: momentOf(since),
    parameters: {
      ...{ blockBytesMax: 4_194_304, blockTransactionsMax: 5_000, protocol: 1 },
      ...{ next: { version: 2, fromHeight: 900 }, since: momentOf(since) },
    },
    misbehaviour: found === undefined ? [] : [misbehaviourJson(found)],
    next: found === undefined ? null : found.since.height,
  };
  return { body: JSON.stringify(body) };
}

function misbehaviourJson({ since, timeMs, address, ...rest }: RecordedMisbehaviour): object {
  return {
    ...rest,
    address: bytesToHex(address),
    time: new Date(timeMs).toISOString(),
    recorded: { height: since.height, time: new Date(since.timeMs).toISOString() },
  };
}

function network(registry: TestRegistry, { checkpoint }: Snapshot): TestAnswer {
  const { id, genesis, protocol } = registry.ledger.ledger.network;
  const body = {
    id,
    genesis: bytesToHex(genesis),
    protocol,
    origin: TEST_ORIGIN,
    height: checkpoint.height,
    time: new Date(checkpoint.timeMs).toISOString(),
    policy: writePolicy(TEST_POLICY),
  };
  return { body: JSON.stringify(body) };
}

function submit(registry: TestRegistry, places: Places, { body, headers }: Question): TestAnswer {
  if (headers["content-type"] !== "application/cbor") {
    return problem({ status: 415, code: "UNSUPPORTED_MEDIA_TYPE", detail: "CBOR only" });
  }
  const transactions = decodeCbor(body);
  if (!Array.isArray(transactions))
    return problem({ status: 400, code: "BODY_MALFORMED", detail: "no array" });
  const results = (transactions as Uint8Array[]).map((bytes) => submitOne(registry, places, bytes));
  const [only] = results;
  if (results.length === 1 && only!.status === "refused") return problem(only!.problem as never);
  return { body: JSON.stringify({ height: registry.ledger.height(), results }) };
}

type Result = { readonly status: string; readonly problem?: unknown };

function submitOne(registry: TestRegistry, places: Places, bytes: Uint8Array): Result {
  const decoded = decodeTransaction(bytes);
  if (!decoded.ok) return { status: "refused", ...{ id: null }, problem: problemOf(decoded.rejection) };
  const id = bytesToHex(decoded.value.id);
  const signed = checkSignatures(decoded.value, verify);
  const outcome = signed.ok ? registry.block([decoded.value])[0]! : signed;
  if (outcome.ok) places.set(id, { height: registry.ledger.height(), index: 0 });
  else if (outcome.rejection.name !== "DUPLICATE") {
    return { status: "refused", ...{ id }, problem: problemOf(outcome.rejection) };
  }
  return { status: "committed", ...{ id, ...places.get(id) } };
}

function store(registry: TestRegistry, { body }: Question): TestAnswer {
  const stored = { digest: bytesToHex(sha256(body)), sizeBytes: body.length };
  const { root, ...batch } = storeItems(registry, body);
  return { status: 201, body: JSON.stringify({ ...stored, root: bytesToHex(root), ...batch }) };
}

/** Keeps the items of a stream, so that the registry can prove them. */
export function storeItems(registry: TestRegistry, stream: Uint8Array): ReturnType<ItemBook["add"]> {
  const split = splitItemStream(stream);
  if (!split.ok) throw new Error(split.rejection.detail);
  const items = split.value.map((bytes) => {
    const item = decodeItem(bytes);
    if (!item.ok) throw new Error(item.rejection.detail);
    return item.value;
  });
  return registry.items.add(items);
}
