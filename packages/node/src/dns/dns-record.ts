/** Numbers of record types. */
export const TYPES = {
  A: 1,
  NS: 2,
  SOA: 6,
  HINFO: 13,
  TXT: 16,
  AAAA: 28,
  NAPTR: 35,
  OPT: 41,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
} as const;

/** Numbers of how a question ended. RFC 6895 §2.3. */
export const RCODES = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;
export type RcodeName = keyof typeof RCODES;

/** A record of the name that was asked for, or of its zone; data as dns-packet writes them. */
export type DnsRecord = {
  readonly owner: "question" | "zone";
  readonly type: "A" | "AAAA" | "NS" | "SOA" | "HINFO" | "TXT" | "NAPTR" | "UNKNOWN_256";
  readonly ttlS: number;
  readonly data: unknown;
};

/** What a question is answered with. */
export type DnsAnswer = {
  readonly rcode: RcodeName;
  /** Whether the name lies in a zone of this responder. */
  readonly isAuthoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  /** How many labels of the name are before those of its zone. */
  readonly zoneAt: number;
};

/** How long answers may be kept, in seconds: a change on the ledger is seen everywhere after that. */
export const TTL_S = 300;
/** How long it may be kept that there is nothing: a code that was just issued is seen after that. */
export const NEGATIVE_TTL_S = 60;
