import { NETWORK_KEY, PARAMETERS_KEY, type StateKey, VALIDATORS_KEY } from "../state/key.ts";
import { decodeNetwork, type Network } from "../state/network.ts";
import { decodeParameters, type Parameters, readParameters } from "../state/parameters.ts";
import { decodeValidators, type Validators } from "../state/validators.ts";
import type { Bundle, SealedNote } from "./bundle.ts";
import { type Proven, proven, unproven } from "./failure.ts";
import { type ProofSource, runAround } from "./prove.ts";
import { openBundle, type SeenCheckpoint, type VerifyOptions } from "./verify.ts";

/** Who decides on a network's blocks, and what its nodes agreed on, as of a checkpoint. */
export type Governance = SeenCheckpoint & {
  readonly network: Network;
  /** Null where one node decides alone. */
  readonly validators: Validators | null;
  readonly parameters: Parameters;
};

const KEYS: readonly StateKey[] = [NETWORK_KEY, VALIDATORS_KEY, PARAMETERS_KEY];

/** Shows the entries of the network, its validators and its parameters, or that there are none. Spec §5.18. */
export function proveGovernance(source: ProofSource, { note, sealPath }: SealedNote): Bundle {
  return { note, sealPath, runs: KEYS.map((key) => runAround(source, key)), items: [], versions: [] };
}

/** Checks what {@link proveGovernance} shows. Spec §5.18. */
export function verifyGovernance(bytes: Uint8Array, options: VerifyOptions): Proven<Governance> {
  const opened = openBundle(bytes, options);
  if (!opened.ok) return opened;
  const { facts, seen } = opened.value;
  const [own, votes, agreed] = KEYS.map(facts.valueOf);
  if (own === undefined || votes === undefined || agreed === undefined)
    return unproven("not-shown", "the bundle does not show network, validators and parameters");
  const network = own === null ? undefined : decodeNetwork(own);
  if (network === undefined) return unproven("entry-unknown", "the network's entry is of an unknown form");
  const validators = votes === null ? null : decodeValidators(votes);
  if (validators === undefined) return unproven("entry-unknown", "the validators are of an unknown form");
  if (agreed !== null && decodeParameters(agreed) === undefined)
    return unproven("entry-unknown", "the parameters are of an unknown form");
  const parameters = readParameters({ get: (key) => facts.valueOf(key) ?? undefined });
  return proven({ ...seen, network, validators, parameters });
}
