import type { CborValue } from "../cbor.ts";
import { bytesToHex } from "../hex.ts";
import { isJsonObject, type Json } from "../json.ts";
import { COMMITMENTS_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { checkDigest, digestFromJson } from "./attribute-type.ts";
import { type Place, refuse, within } from "./refuse.ts";
import { checkToken } from "./token.ts";

/**
 * A commitment to protected data: SHA-256 over a salt and the data. The salt is random, at least 128 bits, new for every
 * commitment, and never on the ledger: without it a digest of data that can be guessed, such as a number of a person,
 * would give the data away. Who holds data and salt can show that the data is what was committed to; when the salt is
 * destroyed, what stays on the ledger says nothing. Spec §6.4.
 */
export type Commitment = {
  /** What is committed to: a token such as `owner`. */
  readonly name: string;
  /** 32 bytes. */
  readonly digest: Uint8Array;
};

const EXPECTED_LIST = `a list of at most ${COMMITMENTS_MAX} commitments`;

/** Reads commitments in their canonical CBOR form `[[name, digest], ...]`, sorted by name, each name once. */
export function commitmentsFromCbor(
  value: CborValue | undefined,
  field = "commitments",
): Outcome<readonly Commitment[]> {
  const place: Place = { rejection: "COMMITMENT_MALFORMED", field };
  if (!Array.isArray(value) || value.length > COMMITMENTS_MAX) {
    return refuse(place, { expected: EXPECTED_LIST, got: value });
  }
  const commitments: Commitment[] = [];
  for (const [index, element] of (value as readonly CborValue[]).entries()) {
    const at = within(place, `[${index}]`);
    if (!Array.isArray(element) || element.length !== 2) {
      return refuse(at, { expected: "a pair of name and digest", got: element });
    }
    const name = checkToken(element[0], within(at, ".name"));
    if (!name.ok) return name;
    const digest = checkDigest(element[1], within(at, ".digest"));
    if (!digest.ok) return digest;
    commitments.push({ name: name.value, digest: digest.value });
  }
  return checkOrder(commitments, place);
}

/** CBOR form of commitments. */
export function commitmentsToCbor(commitments: readonly Commitment[]): CborValue {
  return commitments.map(({ name, digest }) => [name, digest]);
}

/** Reads commitments in their JSON form, objects of name and hexadecimal digest in any order. */
export function commitmentsFromJson(
  value: Json | undefined,
  field = "commitments",
): Outcome<readonly Commitment[]> {
  const place: Place = { rejection: "COMMITMENT_MALFORMED", field };
  if (!Array.isArray(value) || value.length > COMMITMENTS_MAX) {
    return refuse(place, { expected: EXPECTED_LIST, got: value });
  }
  const commitments: Commitment[] = [];
  for (const [index, element] of (value as readonly Json[]).entries()) {
    const at = within(place, `[${index}]`);
    if (!isJsonObject(element)) {
      return refuse(at, { expected: "an object of name and digest", got: element });
    }
    const { name: nameJson, digest: digestJson, ...others } = element;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) return refuse(at, { expected: "only name and digest", got: unknown });
    const name = checkToken(nameJson, within(at, ".name"));
    if (!name.ok) return name;
    const digest = digestFromJson(digestJson, within(at, ".digest"));
    if (!digest.ok) return digest;
    commitments.push({ name: name.value, digest: digest.value });
  }
  commitments.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return checkOrder(commitments, place);
}

/** JSON form of commitments. */
export function commitmentsToJson(commitments: readonly Commitment[]): Json {
  return commitments.map(({ name, digest }) => ({ name, digest: bytesToHex(digest) }));
}

function checkOrder(commitments: readonly Commitment[], place: Place): Outcome<readonly Commitment[]> {
  for (let index = 1; index < commitments.length; index++) {
    const { name } = commitments[index]!;
    if (name <= commitments[index - 1]!.name) {
      return refuse(place, { expected: "commitments sorted by name, each once", got: name });
    }
  }
  return accept(commitments);
}
