import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "../attribute/personal-number.ts";
import { type CborValue, encodeCbor } from "../cbor.ts";
import { isJsonObject, type Json } from "../json.ts";
import { DIGEST_BYTES, ENDPOINTS_MAX, FEDERATION_BYTES_MAX, KEY_NAME_CHARACTERS_MAX } from "../limits.ts";
import { readPolicy, writePolicy } from "../log/witness-policy.ts";
import { accept, type Outcome } from "../outcome.ts";
import { findEndpointFault } from "../state/endpoint.ts";
import {
  type Federation,
  federationFromCbor,
  federationToCbor,
  isName,
  isNetworkOf,
} from "../state/federation.ts";
import { bytesField, checkNames, type Field, rejectField } from "./field.ts";

const genesisField = bytesField(DIGEST_BYTES);
const NAMES = ["network", "genesis", "endpoints", "policy"];

/**
 * The network that serves what lies below a prefix. JSON: `{network, genesis, endpoints, policy}`, the policy as
 * `readPolicy` reads it. Refusals: FEDERATION_MALFORMED, PERSONAL_NUMBER.
 */
export const federationField: Field<Federation> = {
  fromCbor: (value, path) => {
    const federation = federationFromCbor(value);
    if (federation !== undefined) return checked(federation, path);
    return rejectField(path, "a federation", value, "FEDERATION_MALFORMED");
  },
  toCbor: federationToCbor,
  fromJson: (value, path) => {
    if (!isJsonObject(value)) return refuse(path, `an object with ${NAMES.join(", ")}`, value);
    const known = checkNames(value, NAMES, path);
    if (!known.ok) return refuse(path, `only ${NAMES.join(", ")}`, known.rejection.fault?.got);
    const genesis = genesisField.fromJson(value["genesis"], `${path}.genesis`);
    if (!genesis.ok) return refuse(`${path}.genesis`, "32 bytes in hexadecimal", value["genesis"]);
    const network = value["network"];
    if (typeof network !== "string") return refuse(`${path}.network`, "the id of a network", network);
    const endpoints = endpointsFromJson(value["endpoints"], `${path}.endpoints`);
    if (!endpoints.ok) return endpoints;
    const policy = readPolicy(value["policy"]);
    if (!policy.ok) {
      return refuse(`${path}.policy.${policy.fault.field}`, policy.fault.expected, policy.fault.got);
    }
    return checked(
      { network, genesis: genesis.value, endpoints: endpoints.value, policy: policy.value },
      path,
    );
  },
  toJson: ({ network, genesis, endpoints, policy }) => ({
    network,
    genesis: genesisField.toJson(genesis),
    endpoints,
    policy: writePolicy(policy) as unknown as Json,
  }),
};

function endpointsFromJson(value: Json | undefined, path: string): Outcome<readonly string[]> {
  if (!Array.isArray(value) || value.length === 0 || value.length > ENDPOINTS_MAX) {
    return refuse(path, `a list of 1 to ${ENDPOINTS_MAX} addresses`, value);
  }
  for (const [at, endpoint] of (value as Json[]).entries()) {
    if (typeof endpoint !== "string") return refuse(`${path}[${at}]`, "an address", endpoint);
    const fault = findEndpointFault(endpoint);
    if (fault !== undefined) return refuse(`${path}[${at}]`, fault.expected, endpoint.slice(fault.at));
  }
  return accept(value as string[]);
}

/** What both forms are held to, which the form in a state is not any more. */
function checked(federation: Federation, path: string): Outcome<Federation> {
  const { network, genesis, endpoints, policy } = federation;
  if (!isNetworkOf(network, genesis)) {
    return refuse(`${path}.network`, "the id of the network of this genesis", network);
  }
  const twice = endpoints.findIndex((endpoint, at) => endpoints.indexOf(endpoint) !== at);
  if (twice >= 0) return refuse(`${path}.endpoints[${twice}]`, "each address once", endpoints[twice]);
  const keys = [...policy.logKeys, ...policy.witnesses];
  const names = [policy.origin, ...keys.map(({ name }) => name)];
  const strange = names.find((name) => !isName(name));
  if (strange !== undefined) {
    const expected = `names of 1 to ${KEY_NAME_CHARACTERS_MAX} ASCII characters without spaces and plus signs`;
    return refuse(`${path}.policy`, expected, strange);
  }
  const sound = readPolicy(writePolicy(policy));
  if (!sound.ok) {
    return refuse(`${path}.policy.${sound.fault.field}`, sound.fault.expected, sound.fault.got);
  }
  const { length } = encodeCbor(federationToCbor(federation) as CborValue);
  if (length > FEDERATION_BYTES_MAX) {
    return refuse(path, `at most ${FEDERATION_BYTES_MAX} bytes of CBOR`, length);
  }
  for (const text of [network, ...endpoints, ...names]) {
    const firewall = checkNoPersonalNumber(path, text, PERSONAL_NUMBER_KINDS_IN_CODES);
    if (!firewall.ok) return firewall;
  }
  return accept(federation);
}

function refuse(path: string, expected: string, got: unknown): Outcome<never> {
  return rejectField(path, expected, got, "FEDERATION_MALFORMED");
}
