import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { hexToBytes } from "@cityroot/core/hex";
import { isPublicKey } from "@cityroot/core/key/ed25519";
import { isShortKeyName, parseVerifierKey, SIGNATURE_TYPES } from "@cityroot/core/log/note";
import { isPublicUrl } from "../home/config-field.ts";
import { isPeer } from "../home/consensus-config.ts";

/**
 * What an organisation tells the others of its node, so that they can put a network together: public keys and addresses.
 * Nothing in it is secret, and whoever changes it on its way cannot sign for it.
 */
export type ValidatorCard = {
  /** Name of the validator: 1 to 32 lower case letters, digits and hyphens. */
  readonly name: string;
  /** Name of the registry's log, which all nodes of a network share. */
  readonly origin: string;
  /** Ed25519 key of its votes, in hexadecimal. */
  readonly publicKey: string;
  /** Where peers reach its consensus: `id@host:port`. */
  readonly peer: string;
  /** Verifier key (type 0x01) with which its node signs checkpoints. */
  readonly logKey: string;
  /** The witness in its node: its verifier key (type 0x04), and the address at which the other nodes ask it. */
  readonly witness: { readonly key: string; readonly url: string };
  /** Ed25519 key, in hexadecimal, with which the organisation signs for a root prefix that all hold together. */
  readonly rootKey: string;
  /** Where its node answers everyone, such as `https://node-1.example.cn`; null where it does not. */
  readonly url: string | null;
};

const MEMBERS = ["name", "origin", "publicKey", "peer", "logKey", "witness", "rootKey", "url"];
const NAME = /^[a-z0-9-]{1,32}$/;

/** Reads a card of its JSON form, strictly. `path` is what faults call it. */
export function readValidatorCard(json: unknown, path = "card"): Parsed<ValidatorCard> {
  const refuse = (field: string, expected: string, got: unknown): Parsed<never> =>
    refused(fault({ field: `${path}${field}`, expected, got: JSON.stringify(got) ?? "nothing" }));
  if (!isObject(json)) return refuse("", "the card of a validator, an object", json);
  const stranger = Object.keys(json).find((member) => !MEMBERS.includes(member));
  if (stranger !== undefined) return refuse("", `only the members ${MEMBERS.join(", ")}`, stranger);
  const { name, origin, publicKey, peer, logKey, witness, rootKey, url } = json;
  if (typeof name !== "string" || !NAME.test(name))
    return refuse(".name", "1 to 32 lower case letters, digits and hyphens", name);
  if (typeof origin !== "string" || !isShortKeyName(origin))
    return refuse(".origin", "the log's name without spaces, such as registry.example/hebei", origin);
  if (!isKeyText(publicKey)) return refuse(".publicKey", "an Ed25519 key, 64 hexadecimal digits", publicKey);
  if (!isPeer(peer)) return refuse(".peer", "40 hexadecimal digits@host:port", peer);
  if (!isVerifierKey(logKey, SIGNATURE_TYPES.ed25519, origin))
    return refuse(".logKey", `a verifier key of the log ${origin}`, logKey);
  if (!isObject(witness) || Object.keys(witness).some((member) => member !== "key" && member !== "url"))
    return refuse(".witness", "an object with key and url", witness);
  if (!isVerifierKey(witness["key"], SIGNATURE_TYPES.cosignature))
    return refuse(".witness.key", "a witness's verifier key", witness["key"]);
  if (!isPublicUrl(witness["url"]))
    return refuse(".witness.url", "an address such as https://witness.example.cn", witness["url"]);
  if (!isKeyText(rootKey)) return refuse(".rootKey", "an Ed25519 key, 64 hexadecimal digits", rootKey);
  if (url !== null && !isPublicUrl(url))
    return refuse(".url", "an address such as https://node-1.example.cn, or null", url);
  return parsed({
    ...{ name, origin, publicKey, peer, logKey, rootKey, url },
    witness: { key: witness["key"], url: witness["url"] },
  });
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKeyText(value: unknown): value is string {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) return false;
  return isPublicKey(hexToBytes(value)!);
}

function isVerifierKey(value: unknown, type: number, name?: string): value is string {
  if (typeof value !== "string") return false;
  const key = parseVerifierKey(value);
  return key.ok && key.value.type === type && (name === undefined || key.value.name === name);
}
