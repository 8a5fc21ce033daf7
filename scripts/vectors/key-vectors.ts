// State keys: their bytes, and the order that they put codes in.
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import {
  codeKey,
  holderKey,
  keyToBytes,
  misbehaviourKey,
  NETWORK_KEY,
  PARAMETERS_KEY,
  prefixKey,
  replayKey,
  ruleKey,
  type StateKey,
  tallyKey,
  VALIDATORS_KEY,
} from "@cityroot/core/state/key";

/** A key of the kind `code`, in hexadecimal. */
export type CodeKeyVector = { readonly code: string; readonly key: string };
export type KeyFile = {
  readonly about: string;
  /** Codes in ascending order of their keys. */
  readonly codes: readonly CodeKeyVector[];
  /** One key of each kind, in ascending order. */
  readonly kinds: readonly { readonly kind: string; readonly of: string; readonly key: string }[];
};

/** In order: what lies below a code comes right after it, below "/" before below ".". */
const CODES: readonly string[] = [
  "MA.156",
  "MA.156/60",
  "MA.156/60.10000000",
  "MA.156/60.10000000.1",
  "MA.156/60.10000000.1/9",
  "MA.156.1",
  "MA.156.1.2",
  "MA.156.13",
  "MA.156.1301",
  "MA.156.1301/60",
  "MA.156.1301.02",
  "MA.156.1301.02/60.10000000.1",
  "MA.156.1301.02/60.10000000.1/-",
  "MA.156.1301.02/60.10000000.1/0",
  "MA.156.1301.02/60.10000000.1/0.1",
  "MA.156.1301.02/60.10000000.1/00",
  "MA.156.1301.02/60.10000000.1/01",
  "MA.156.1301.02/60.10000000.1/1",
  "MA.156.1301.02/60.10000000.1/10",
  "MA.156.1301.02/60.10000000.1/9",
  "MA.156.1301.02/60.10000000.1/A",
  "MA.156.1301.02/60.10000000.1/Z",
  "MA.156.1301.02/60.10000000.1/_",
  "MA.156.1301.02/60.10000000.1/a",
  "MA.156.1301.02/60.10000000.10",
  "MA.156.2",
  "MA.156.M0.100032.00002689",
  "MA.276",
];

/** The file. */
export function makeKeyVectors(): KeyFile {
  const codes = CODES.map((code) => ({ code, key: hexOf(codeKey(code as Code)) }));
  const sorted = codes.map(({ key }) => key).sort();
  if (codes.some(({ key }, at) => key !== sorted[at]))
    throw new Error("the codes are not in order of their keys");
  const prefix = "MA.156.1301" as Code;
  const id = Uint8Array.from({ length: 20 }, (_, at) => at);
  const kinds = [
    { kind: "network", of: "", key: hexOf(NETWORK_KEY) },
    { kind: "holder", of: bytesToHex(id), key: hexOf(holderKey(id)) },
    { kind: "prefix", of: prefix, key: hexOf(prefixKey(prefix)) },
    { kind: "rule", of: prefix, key: hexOf(ruleKey(prefix)) },
    { kind: "tally", of: prefix, key: hexOf(tallyKey(prefix)) },
    { kind: "code", of: prefix, key: hexOf(codeKey(prefix)) },
    { kind: "replay", of: "16383", key: hexOf(replayKey(16_383)) },
    { kind: "validators", of: "", key: hexOf(VALIDATORS_KEY) },
    { kind: "parameters", of: "", key: hexOf(PARAMETERS_KEY) },
    { kind: "misbehaviour", of: "258/1", key: hexOf(misbehaviourKey(258, 1)) },
  ];
  return { about: "Keys of the state, in hexadecimal.", codes, kinds };
}

function hexOf(key: StateKey): string {
  return bytesToHex(keyToBytes(key));
}
