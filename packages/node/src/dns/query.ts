import packet from "dns-packet";
import type { DnsName } from "./dns-name.ts";
import { NAME_BYTES_MAX } from "./dns-name.ts";
import { type RcodeName, TYPES } from "./dns-record.ts";

/** What a reply takes from the query's head. */
export type QueryHead = { readonly id: number; readonly opcode: number; readonly wantsRecursion: boolean };

/** The one question of a query. */
export type Question = {
  readonly name: DnsName;
  readonly type: number;
  readonly class: number;
  /** The question as it came, to be repeated. */
  readonly bytes: Buffer;
};

/** A query that can be answered, or in what it is refused; undefined bytes of a question are not repeated. */
export type ReadQuery =
  | { readonly kind: "drop" }
  | {
      readonly kind: "refused";
      readonly head: QueryHead;
      readonly rcode: RcodeName;
      readonly hasEdns: boolean;
    }
  | {
      readonly kind: "query";
      readonly head: QueryHead;
      readonly question: Question;
      /** Most bytes that the client takes over UDP; undefined where it speaks no EDNS. */
      readonly ednsBytes: number | undefined;
    };

const HEAD_BYTES = 12;
/** Most records beside the question: EDNS, and a signature that is passed over. */
const ADDITIONAL_MAX = 2;
/** As few bytes as every client takes over UDP. RFC 6891 §6.2.3. */
export const UDP_BYTES_MIN = 512;

/** Reads a message strictly. What is a reply itself, or too short to be answered, is dropped, so that no two servers talk on. */
export function readQuery(bytes: Buffer): ReadQuery {
  if (bytes.length < HEAD_BYTES) return { kind: "drop" };
  const flags = bytes.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return { kind: "drop" };
  const head = {
    id: bytes.readUInt16BE(0),
    opcode: (flags >> 11) & 15,
    wantsRecursion: (flags & 0x100) !== 0,
  };
  const refuse = (rcode: RcodeName, hasEdns = false): ReadQuery => ({
    kind: "refused",
    head,
    rcode,
    hasEdns,
  });
  if (head.opcode !== 0) return refuse("NOTIMP");
  const [questions, answers, authority, additional] = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at));
  if (questions !== 1 || answers !== 0 || authority !== 0 || additional! > ADDITIONAL_MAX)
    return refuse("FORMERR");
  const question = readQuestion(bytes);
  if (question === undefined) return refuse("FORMERR");
  let options: readonly { readonly udpPayloadSize?: number; readonly ednsVersion?: number }[];
  try {
    const { additionals } = packet.decode(bytes);
    if (packet.decode.bytes !== bytes.length) return refuse("FORMERR");
    options = additionals.filter(({ type, name }) => type === "OPT" && name === ".");
    if (options.length !== additionals.filter(({ type }) => type === "OPT").length) return refuse("FORMERR");
  } catch {
    return refuse("FORMERR");
  }
  if (options.length > 1 || question.type === TYPES.OPT) return refuse("FORMERR");
  const [edns] = options;
  if (edns === undefined) return { kind: "query", head, question, ednsBytes: undefined };
  if (edns.ednsVersion !== 0) return refuse("BADVERS", true);
  return { kind: "query", head, question, ednsBytes: Math.max(UDP_BYTES_MIN, edns.udpPayloadSize ?? 0) };
}

/** The question, whose name stands there whole: before it there is nothing that it could point to. */
function readQuestion(bytes: Buffer): Question | undefined {
  const labels: string[] = [];
  let at = HEAD_BYTES;
  for (let length = bytes[at]; length !== 0; length = bytes[at]) {
    if (length === undefined || length > 63 || at - HEAD_BYTES + length + 2 > NAME_BYTES_MAX)
      return undefined;
    // One character for each byte; only ASCII letters have two cases.
    const label = bytes.toString("latin1", at + 1, at + 1 + length);
    labels.push(label.replace(/[A-Z]/g, (unit) => unit.toLowerCase()));
    at += 1 + length;
  }
  const end = at + 5;
  if (end > bytes.length) return undefined;
  return {
    name: labels,
    type: bytes.readUInt16BE(at + 1),
    class: bytes.readUInt16BE(at + 3),
    bytes: bytes.subarray(HEAD_BYTES, end),
  };
}
