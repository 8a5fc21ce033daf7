import packet from "dns-packet";
import { type DnsAnswer, type DnsRecord, RCODES, type RcodeName } from "./dns-record.ts";
import type { QueryHead, Question } from "./query.ts";

const HEAD_BYTES = 12;
/** Most bytes of a reply over UDP, whatever the client would take: what passes everywhere unfragmented. */
export const UDP_BYTES_MAX = 1_232;
/** Most bytes of a reply over TCP. */
export const TCP_BYTES_MAX = 16_384;

/** What a reply is made of beside its answer. */
export type ReplyPlace = {
  readonly head: QueryHead;
  readonly question: Question;
  readonly hasEdns: boolean;
  /** Most bytes that it may have; of more, nothing but that there is more is said. */
  readonly bytesMax: number;
};

/** A reply to a question. */
export function encodeReply(place: ReplyPlace, answer: DnsAnswer): Buffer {
  const { head, question, hasEdns, bytesMax } = place;
  const edns = hasEdns ? optRecord(answer.rcode) : Buffer.alloc(0);
  const answers = answer.answers.map((record) => encodeRecord(question, answer.zoneAt, record));
  const authority = answer.authority.map((record) => encodeRecord(question, answer.zoneAt, record));
  const whole = [question.bytes, ...answers, ...authority, edns];
  const bytes = whole.reduce((sum, part) => sum + part.length, HEAD_BYTES);
  const { rcode, isAuthoritative } = answer;
  if (bytes > bytesMax) {
    const counts = [1, 0, 0, hasEdns ? 1 : 0] as const;
    return Buffer.concat([
      encodeHead(head, { rcode, isAuthoritative, isTruncated: true, counts }),
      question.bytes,
      edns,
    ]);
  }
  const counts = [1, answers.length, authority.length, hasEdns ? 1 : 0] as const;
  return Buffer.concat([encodeHead(head, { rcode, isAuthoritative, isTruncated: false, counts }), ...whole]);
}

/** A reply that says nothing but to ask again over TCP. */
export function encodeTruncated({ head, question, hasEdns }: Omit<ReplyPlace, "bytesMax">): Buffer {
  const counts = [1, 0, 0, hasEdns ? 1 : 0] as const;
  const flags = { rcode: "NOERROR", isAuthoritative: false, isTruncated: true, counts } as const;
  return Buffer.concat([
    encodeHead(head, flags),
    question.bytes,
    hasEdns ? optRecord("NOERROR") : Buffer.alloc(0),
  ]);
}

/** A reply to what has no question that could be repeated. */
export function encodeRefusal(head: QueryHead, rcode: RcodeName, hasEdns: boolean): Buffer {
  const counts = [0, 0, 0, hasEdns ? 1 : 0] as const;
  const flags = { rcode, isAuthoritative: false, isTruncated: false, counts };
  return Buffer.concat([encodeHead(head, flags), hasEdns ? optRecord(rcode) : Buffer.alloc(0)]);
}

type ReplyFlags = {
  readonly rcode: RcodeName;
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  /** Questions, answers, authority, additional. */
  readonly counts: readonly [number, number, number, number];
};

function encodeHead(head: QueryHead, { rcode, isAuthoritative, isTruncated, counts }: ReplyFlags): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.writeUInt16BE(head.id, 0);
  const flags =
    0x8000 |
    (head.opcode << 11) |
    (isAuthoritative ? 0x400 : 0) |
    (isTruncated ? 0x200 : 0) |
    (head.wantsRecursion ? 0x100 : 0) |
    (RCODES[rcode] & 15);
  bytes.writeUInt16BE(flags, 2);
  for (const [at, count] of counts.entries()) bytes.writeUInt16BE(count, 4 + 2 * at);
  return bytes;
}

function optRecord(rcode: RcodeName): Buffer {
  const extendedRcode = RCODES[rcode] >> 4;
  return packet.answer.encode({ name: ".", type: "OPT", udpPayloadSize: UDP_BYTES_MAX, extendedRcode });
}

/** A record whose owner is a pointer to the question's name, or to where its zone begins in it. RFC 1035 §4.1.4. */
function encodeRecord(question: Question, zoneAt: number, { owner, type, ttlS, data }: DnsRecord): Buffer {
  const skipped = owner === "question" ? [] : question.name.slice(0, zoneAt);
  const offset = skipped.reduce((sum, label) => sum + label.length + 1, HEAD_BYTES);
  const encoded = packet.answer.encode({ name: ".", type, ttl: ttlS, data });
  return Buffer.concat([Buffer.of(0xc0 | (offset >> 8), offset & 255), encoded.subarray(1)]);
}
