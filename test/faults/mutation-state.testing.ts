import { verifyCheckCharacter } from "@cityroot/codes/ma/check-character";
import type { Code } from "@cityroot/codes/ma/code";
import { type CborValue, decodeCbor } from "@cityroot/core/cbor";
import { bytesToHex, equalBytes } from "@cityroot/core/hex";
import { openLedger } from "@cityroot/core/ledger";
import {
  issueOf,
  keySetOfSeeds,
  publicKeyOfSeed,
  seedOf,
  type TestHolder,
  testHolder,
  testLedger,
} from "@cityroot/core/ledger.testing";
import { type Operation, type OperationType, operationToCbor } from "@cityroot/core/operation/operation";
import {
  attributesOf,
  delegateOf,
  openRule,
  rangeOf,
  recoverOf,
  reinstateOf,
  retireOf,
  rotateOf,
  ruleOf,
  setRuleOf,
  supersedeOf,
  suspendOf,
  testBatch,
  transferOf,
  updateOf,
} from "@cityroot/core/operation/operation.testing";
import { decodeHolder } from "@cityroot/core/state/holder";
import { decodeInterval, type Interval } from "@cityroot/core/state/interval";
import { codeKey, codeOfKey, holderKey, KEY_KINDS, type StateKey } from "@cityroot/core/state/key";
import type { Network } from "@cityroot/core/state/network";
import { overlay } from "@cityroot/core/state/overlay";
import { decodePrefix, decodePrefixRules, decodeTally, type Prefix } from "@cityroot/core/state/prefix";
import { decodeRecord } from "@cityroot/core/state/record";
import { replayWindow } from "@cityroot/core/state/replay";
import type { StateEntry, StateView } from "@cityroot/core/state/view";
import type { Transaction } from "@cityroot/core/transaction";
import { mustHold } from "./mutation.testing.ts";

// A state with codes of every standing, in which a city holds one prefix; and what must hold of whatever the city's
// transactions change there, read from the specification and not from the rules that decide.

const OWN = "MA.156.1301";
const STEM = `${OWN}.02/60.10000000.1`;
/** The city bound this one to these shapes, and this one to check characters. */
const SHAPED = `${OWN}.05`;
const CHECKED = `${OWN}.06`;

const CITY_SEEDS = [seedOf(2), seedOf(20), seedOf(21)];
/** Which of the city's keys serve in which role, and how many of them it takes. */
const ROLES = {
  root: { keys: [0, 1, 2], needed: 2 },
  registrar: { keys: [0, 1], needed: 1 },
  records: { keys: [1, 2], needed: 1 },
};
const CITY_KEYS = {
  ...keySetOfSeeds(CITY_SEEDS),
  roles: ROLES,
  recovery: { keys: [2], needed: 1, delayMs: 3_600_000 },
};

/** Holds `MA.156.1301`: who signs what is mutated. */
export const CITY: TestHolder = testHolder("City", 2, CITY_KEYS, CITY_SEEDS);
const CITY_ID = bytesToHex(CITY.id);
const NATION = testHolder("Nation", 1);
const BUREAU = testHolder("Bureau", 3);
const STRANGER = testHolder("Stranger", 4);

const BATCH = testBatch([`${STEM}/B10`, `${STEM}/B20`, `${STEM}/B30`]);
const NEW_BATCH = testBatch([`${STEM}/C10`, `${STEM}/C20`]);
const NAMES = [
  ["en", "Lamp"],
  ["zh", "路灯"],
];
const SAID = {
  class: "street-lamp",
  attributes: attributesOf([
    ["category", "led-4000"],
    ["installed-year", 2024],
    ["legacy", [["local", "11010519491231002-"]]],
    ["located-in", OWN],
    ["name", NAMES],
    ["place", [380_000_000, 1_145_000_000]],
    ["schema", new Uint8Array(32).fill(7)],
  ]),
  commitments: [{ name: "scheme", digest: new Uint8Array(32).fill(5) }],
};

/** A state, its moment, and transactions' worth of operations that it takes from the city. */
export type MutationState = {
  readonly network: Network;
  readonly view: StateView;
  readonly height: number;
  readonly timeMs: number;
  readonly operations: readonly (readonly CborValue[])[];
  /** Texts that mean something in this state. */
  readonly words: readonly string[];
  readonly entries: readonly StateEntry[];
  readonly prefixes: ReadonlyMap<string, Prefix>;
  readonly intervals: readonly Interval[];
  readonly isRecovering: boolean;
};

/** Makes the state; with a recovery of the city that is ready to be completed, or without. */
export function openMutationState(isRecovering: boolean): MutationState {
  const ledger = testLedger([
    { prefix: "MA.156" as Code, holder: NATION, rule: null },
    { prefix: "MA.276" as Code, holder: STRANGER, rule: null },
  ]);
  const { given } = ledger;
  given(
    NATION,
    delegateOf(OWN, CITY),
    issueOf("MA.156.1400"),
    issueOf("MA.156.1401"),
    transferOf("MA.156.1401", CITY),
  );
  given(
    CITY,
    issueOf(`${STEM}/1`),
    ...["2", "3", "4", "5", "6"].map((serial) => issueOf(`${STEM}/${serial}`, SAID)),
    suspendOf(`${STEM}/2`),
    retireOf(`${STEM}/3`),
    supersedeOf("rename", [`${STEM}/4`], [`${STEM}/1`]),
    rangeOf(`${STEM}/R000`, 3, 50),
    updateOf(`${STEM}/R000`),
    updateOf(`${STEM}/R005`),
    rangeOf(`${STEM}/S00`, 2, 10),
    BATCH.operation,
    updateOf(`${STEM}/B20`, { item: BATCH.proofOf(`${STEM}/B20`) }),
  );
  const rule = ruleOf({ shapes: ["issue /60.<d8>.<n1-20>/<d6>", "delegate .<a2>"], countMax: 40 });
  given(
    CITY,
    delegateOf(`${OWN}.09`, BUREAU),
    delegateOf(`${OWN}.07`, CITY.id),
    delegateOf(`${OWN}.08`, CITY.id),
    delegateOf(SHAPED, CITY.id, { rule }),
    delegateOf(CHECKED, CITY.id, { rule: openRule({ checkCharacter: true }) }),
    suspendOf(`${OWN}.07`),
    retireOf(`${OWN}.08`),
    transferOf(`${STEM}/6`, BUREAU),
  );
  given(BUREAU, issueOf(`${OWN}.09/60`));
  if (isRecovering) given(CITY, recoverOf("begin", keySetOfSeeds([seedOf(22)])));
  const operations = operationsOf(isRecovering);
  const entries = ledger.state.entries();
  const words = entries.flatMap(({ key }) => codeOfKey(key) ?? []);
  const state: MutationState = {
    network: ledger.ledger.network,
    view: ledger.state,
    height: ledger.height(),
    timeMs: 1_767_225_600_000 + 86_400_000,
    operations: operations.map((list) => list.map(operationToCbor)),
    words: [...new Set([...words, ...FREE])],
    entries,
    prefixes: prefixesOf(entries),
    intervals: entries.flatMap(({ key, value }) => intervalOf(key, value) ?? []),
    isRecovering,
  };
  checkTaken(state, operations, ledger);
  return state;
}

/** Codes that are free, or lie in an interval. */
const FREE = [
  ...[
    "7",
    "8",
    "X1",
    "R001",
    "R049",
    "R050",
    "R0051",
    "R005.1",
    "S00",
    "S05",
    "B10",
    "B15",
    "B30",
    "B20.1",
  ].map((serial) => `${STEM}/${serial}`),
  ...[
    `${OWN}.09/60.10000000`,
    `${OWN}.09.1`,
    `${OWN}.10`,
    `${SHAPED}/60.10000000.a/000001`,
    `${SHAPED}.AB`,
    `${CHECKED}/60`,
  ],
  ...[
    "MA.156.1402",
    "MA.276.1",
    "MA.156.M0.1",
    `${OWN}.07/60`,
    `${OWN}.08/60`,
    `${OWN}/60`,
    `${OWN}/61.10000000`,
  ],
];

/** Every operation, as the city may ask for it. */
function operationsOf(isRecovering: boolean): Operation[][] {
  const keys = keySetOfSeeds([seedOf(2), seedOf(23)]);
  const recovery = isRecovering
    ? [[recoverOf("contest")], [recoverOf("complete")]]
    : [[recoverOf("begin", keys)], [recoverOf("begin", keys), recoverOf("contest")]];
  return [
    [delegateOf(`${OWN}.10`, BUREAU.id, SAID as never)],
    [delegateOf(`${OWN}.11`, testHolder("New", 9), { rule: openRule({ untilMs: 2 ** 52 }) })],
    [delegateOf(`${OWN}.10`, CITY.id), issueOf(`${OWN}.10/60`), transferOf(`${OWN}.10`, BUREAU)],
    [delegateOf(`${STEM}/5`, BUREAU.id)],
    [setRuleOf(OWN, openRule({ classes: ["street-lamp", "asset", "division"] }))],
    [setRuleOf(SHAPED, ruleOf({ shapes: ["issue /60.<d8>.<n1-20>/<d6>"] }), "bound")],
    [rotateOf(keys)],
    ...recovery,
    [issueOf(`${STEM}/7`, SAID as never)],
    [
      issueOf(`${STEM}/7`),
      updateOf(`${STEM}/7`, SAID as never),
      suspendOf(`${STEM}/7`),
      reinstateOf(`${STEM}/7`),
    ],
    [issueOf(`${SHAPED}/60.10000000.a/000001`, SAID as never)],
    [rangeOf(`${STEM}/X00`, 2, 30, SAID as never)],
    [NEW_BATCH.operation],
    [NEW_BATCH.operation, updateOf(`${STEM}/C10`, { item: NEW_BATCH.proofOf(`${STEM}/C10`) })],
    [
      updateOf(`${STEM}/5`, {
        attributes: [["name", null]] as never,
        links: [],
        commitments: [],
        version: 1,
      }),
    ],
    [updateOf("MA.156.1401")],
    [updateOf(OWN)],
    [updateOf(`${STEM}/B10`, { item: BATCH.proofOf(`${STEM}/B10`) })],
    [suspendOf(`${STEM}/R007`), suspendOf(`${STEM}/5`)],
    [suspendOf(`${OWN}.09`)],
    [reinstateOf(`${STEM}/2`)],
    [reinstateOf(`${OWN}.07`)],
    [retireOf(`${STEM}/B30`, BATCH.proofOf(`${STEM}/B30`))],
    [retireOf(`${STEM}/2`)],
    [supersedeOf("merge", [`${STEM}/5`, `${STEM}/2`], [`${STEM}/1`])],
    [supersedeOf("split", [`${STEM}/S00`], [`${STEM}/1`, `${STEM}/R005`])],
    [transferOf(`${STEM}/5`, BUREAU)],
    [transferOf(OWN, NATION)],
  ];
}

function checkTaken(
  state: MutationState,
  operations: readonly Operation[][],
  ledger: ReturnType<typeof testLedger>,
): void {
  const moment = { height: state.height + 1, timeMs: state.timeMs };
  for (const list of operations) {
    const changes = overlay(state.view);
    const transaction = ledger.transaction(CITY, list);
    const outcome = openLedger(state.network, replayWindow()).apply(changes, transaction, moment);
    const name = JSON.stringify(list.map(({ type }) => type));
    mustHold(
      outcome.ok,
      "the operations to begin with are taken",
      `${name} ${outcome.ok ? "" : outcome.rejection.detail}`,
    );
    checkAccepted(state, transaction, changes.writes, name);
  }
}

function prefixesOf(entries: readonly StateEntry[]): Map<string, Prefix> {
  const prefixes = new Map<string, Prefix>();
  for (const { key, value } of entries)
    if (key.charCodeAt(0) === KEY_KINDS.prefix) prefixes.set(codeOfKey(key)!, decodePrefix(value)!);
  return prefixes;
}

function intervalOf(key: StateKey, value: Uint8Array): Interval | undefined {
  return key.charCodeAt(0) === KEY_KINDS.code ? decodeInterval(codeOfKey(key)!, value) : undefined;
}

/** The codes above one, nearest first. Spec 2.4. */
function codesAbove(code: string): string[] {
  return [...code.matchAll(/[./]/g)].map(({ index }) => code.slice(0, index)).reverse();
}

/** Whose word counts over a code in a state, by its prefixes alone. */
function deciderAbove({ prefixes }: MutationState, code: string): Prefix | undefined {
  for (const above of codesAbove(code)) {
    const prefix = prefixes.get(above);
    if (prefix !== undefined) return prefix;
  }
  return undefined;
}

function isHeldByCity(holder: Uint8Array | null | undefined): boolean {
  return holder !== null && holder !== undefined && bytesToHex(holder) === CITY_ID;
}

/** What the city may touch at all, whatever it asks for. */
function isWithinReach(state: MutationState, key: StateKey, code: Code): boolean {
  const isAbove = isHeldByCity(deciderAbove(state, code)?.holder);
  const isAt = isHeldByCity(state.prefixes.get(code)?.holder);
  if (key.charCodeAt(0) !== KEY_KINDS.code) return isAbove || isAt;
  const before = state.view.get(key);
  const holder = before === undefined ? undefined : decodeRecord(before)?.holder;
  if (holder !== null && holder !== undefined) return isHeldByCity(holder);
  return isAbove || isAt;
}

// Spec 2.1.1.
const CODE =
  /^(?:MA\.\d{3}\.M\d(?:\.[0-9A-Za-z]{1,32}(?:\.[\w-]{1,32}(?:\.[\w-]{1,50})*)?)?|MA\.\d{3}(?:\.(?!M\d(?:[./]|$))[0-9A-Za-z]{1,32}(?:\.[0-9A-Za-z]{1,32})?)?(?:\/\d{2}(?:\.\d{8}(?:\.[\w-]{1,32}(?:\/[\w-]{1,50}(?:\.[\w-]{1,50})*)?)?)?)?)$/;

/** What must hold of a transaction of the city that was taken, and of what it wrote. */
export function checkAccepted(
  state: MutationState,
  transaction: Transaction,
  writes: readonly StateEntry[],
  name: string,
): void {
  checkRoles(state, transaction, name);
  mustHold(transaction.body.network === state.network.id, "a transaction is meant for this network", name);
  for (const text of textsOf(decodeCbor(transaction.bodyBytes)!))
    mustHold(!holdsCitizenNumber(text), `no citizen number is taken, such as in ${text}`, name);
  const now = new Map<StateKey, Uint8Array>();
  for (const { key, value } of writes) {
    const before = now.get(key) ?? state.view.get(key);
    checkWrite(state, { key, value }, before, now, transaction, name);
    now.set(key, value);
  }
}

function checkWrite(
  state: MutationState,
  { key, value }: StateEntry,
  before: Uint8Array | undefined,
  now: ReadonlyMap<StateKey, Uint8Array>,
  { body }: Transaction,
  name: string,
): void {
  const kind = key.charCodeAt(0);
  if (kind === KEY_KINDS.holder) {
    if (key === holderKey(CITY.id)) return;
    const holder = decodeHolder(value);
    mustHold(before === undefined && holder?.version === 1, "other holders stay as they are", name);
    return;
  }
  mustHold(
    kind !== KEY_KINDS.network && kind !== KEY_KINDS.replay,
    "no operation writes the network's entry",
    name,
  );
  const code = codeOfKey(key)!;
  mustHold(code !== undefined && CODE.test(code) && code.length <= 128, "a key is that of a code", name);
  mustHold(isWithinReach(state, key, code), `${code} is the city's to change`, name);
  const isDeciderAbove = isHeldByCity(deciderAbove(state, code)?.holder);
  if (kind === KEY_KINDS.tally) {
    mustHold(decodeTally(value) > decodeTally(before), "a tally grows", name);
  } else if (kind === KEY_KINDS.rule) {
    const rules = decodePrefixRules(value);
    const old = before === undefined ? undefined : decodePrefixRules(before);
    mustHold(rules?.version === (old?.version ?? 0) + 1, "rules have their next version", name);
    if (isDeciderAbove) return;
    mustHold(
      JSON.stringify(rules?.bound) === JSON.stringify(old?.bound ?? null),
      "a holder is not freed by itself",
      name,
    );
  } else if (kind === KEY_KINDS.prefix) {
    const prefix = decodePrefix(value);
    const old = before === undefined ? undefined : decodePrefix(before);
    mustHold(prefix?.version === (old?.version ?? 0) + 1, "a prefix has its next version", name);
    mustHold(old?.status !== "retired", "a retired prefix stays so", name);
    mustHold(isDeciderAbove || prefix?.status === old?.status, "the delegator decides over the status", name);
    if (old === undefined)
      mustHold(
        body.operations.some(({ type }) => type === "delegate"),
        "a prefix is delegated",
        name,
      );
  } else {
    checkCodeWrite(state, { key, value }, before, now, body.operations, name);
  }
  if (body.operations.length > 1) return;
  const closed = [...codesAbove(code)].some((above) => {
    const prefix = state.prefixes.get(above);
    return prefix !== undefined && prefix.status !== "active";
  });
  mustHold(!closed, `nothing changes below a prefix that is not in use, such as ${code}`, name);
}

function checkCodeWrite(
  state: MutationState,
  { key, value }: StateEntry,
  before: Uint8Array | undefined,
  now: ReadonlyMap<StateKey, Uint8Array>,
  operations: readonly Operation[],
  name: string,
): void {
  const code = codeOfKey(key)!;
  const record = decodeRecord(value);
  const old = before === undefined ? undefined : decodeRecord(before);
  const makesIntervals = operations.some(({ type }) => type === "issue-range" || type === "issue-batch");
  const entered = [...now].flatMap(([otherKey, bytes]) => intervalOf(otherKey, bytes) ?? []);
  const intervals = [...state.intervals, ...entered];
  if (record === undefined) {
    const interval = decodeInterval(code, value);
    mustHold(
      interval !== undefined && before === undefined,
      `${code} gets a record, or an interval where nothing was`,
      name,
    );
    const last = codeKey(interval!.last);
    const isFree = [...state.entries.map((entry) => entry.key), ...now.keys()].every(
      (other) => other < key || other > last,
    );
    mustHold(isFree, "an interval is issued where nothing was", name);
    for (const other of intervals)
      mustHold(codeKey(other.last) < key || codeKey(other.first) > last, "intervals do not overlap", name);
    return;
  }
  if (old !== undefined) {
    mustHold(record.version === old.version + 1, `${code} gets its next version`, name);
    mustHold(old.status !== "retired", `${code} stays retired`, name);
    return;
  }
  if (before !== undefined) {
    mustHold(
      record.interval !== undefined && equalBytes(record.interval, before),
      "an interval is never lost",
      name,
    );
    return;
  }
  const isMember = intervals.some((interval) => isMemberOf(interval, code));
  if (record.version === 1 && !isMember) {
    mustHold(record.status === "active", `${code} begins active`, name);
    if (code.startsWith(`${SHAPED}/`) && operations.length === 1)
      mustHold(
        /^\/60\.\d{8}\.[\w-]{1,20}\/\d{6}$/.test(code.slice(SHAPED.length)),
        `${code} has its rule's shape`,
        name,
      );
    if (code.startsWith(`${CHECKED}/`) || code.startsWith(`${CHECKED}.`))
      mustHold(
        operations.some(({ type }) => type === "delegate") ||
          operations.length > 1 ||
          verifyCheckCharacter(code),
        `${code} has its check character`,
        name,
      );
    return;
  }
  mustHold(isMember, `${code} was issued before it changed`, name);
  mustHold(
    record.version === 2 || makesIntervals || record.version === 1,
    `${code} has its second version`,
    name,
  );
  mustHold(!operations.every(({ type }) => type === "issue"), `${code} was taken`, name);
}

/** Whether a code is one of an interval's. Spec 6.6.3, 5.10.3. */
function isMemberOf(interval: Interval, code: string): boolean {
  if (interval.type === "batch") {
    const [parent] = codesAbove(interval.first);
    const key = codeKey(code as Code);
    return codesAbove(code)[0] === parent && key >= codeKey(interval.first) && key <= codeKey(interval.last);
  }
  const stem = interval.first.slice(0, -interval.digits);
  const serial = code.slice(stem.length);
  if (!code.startsWith(stem) || !/^\d+$/.test(serial) || serial.length !== interval.digits) return false;
  return serial >= interval.first.slice(stem.length) && serial <= interval.last.slice(stem.length);
}

/** Which role each operation takes, of those that always take the same. Spec 7. */
const ROLE_OF: Partial<Record<OperationType, keyof typeof ROLES>> = {
  ...{ delegate: "registrar", "set-rule": "registrar", "rotate-keys": "root", transfer: "root" },
  ...{ "set-validators": "root", "set-parameters": "root", federate: "root" },
  ...{ "claim-alias": "records", "confirm-alias": "records", "dispute-alias": "records" },
  ...{ "withdraw-alias": "records", "set-coding-system": "root" },
  ...{ update: "records", suspend: "records", reinstate: "records", retire: "records", supersede: "records" },
};

function checkRoles(state: MutationState, { body, signatures }: Transaction, name: string): void {
  const positions = signatures.map(({ publicKey }) =>
    CITY_SEEDS.findIndex((seed) => equalBytes(publicKeyOfSeed(seed), publicKey)),
  );
  mustHold(
    bytesToHex(body.holder) === CITY_ID && !positions.includes(-1),
    "the city's keys act for the city",
    name,
  );
  const hasSigned = (role: keyof typeof ROLES): boolean =>
    positions.filter((position) => ROLES[role].keys.includes(position)).length >= ROLES[role].needed;
  for (const operation of body.operations) {
    const role = ROLE_OF[operation.type];
    if (role !== undefined) mustHold(hasSigned(role), `${operation.type} takes the role ${role}`, name);
    else if (operation.type !== "recover-keys")
      mustHold(hasSigned("registrar") || hasSigned("records"), "an issuer issues", name);
    else if (operation.step === "contest") mustHold(hasSigned("root"), "the root contests", name);
    else mustHold(positions.includes(2) || state.isRecovering, "the recovery key recovers", name);
  }
}

function textsOf(value: CborValue, into: string[] = []): string[] {
  if (typeof value === "string") into.push(value);
  if (Array.isArray(value)) for (const element of value as CborValue[]) textsOf(element, into);
  return into;
}

/** Citizen numbers in one run of ASCII digits, by GB 11643. Spec 6.5.2. */
function holdsCitizenNumber(text: string): boolean {
  for (const [number] of text.matchAll(/(?<![0-9])(?:[0-9]{18}(?![0-9])|[0-9]{17}[Xx])/g)) {
    const month = number.slice(10, 12);
    const day = Number(number.slice(12, 14));
    if (!/^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])(?!00)/.test(number)) continue;
    if (!/^(18|19|20)/.test(number.slice(6)) || !/^(0[1-9]|1[0-2])$/.test(month) || day < 1 || day > 28)
      continue;
    let sum = 0;
    for (let at = 0; at < 18; at++) {
      const digit = /\d/.test(number[at]!) ? Number(number[at]) : 10;
      sum += digit * (2 ** (17 - at) % 11);
    }
    if (sum % 11 === 1) return true;
  }
  return false;
}
