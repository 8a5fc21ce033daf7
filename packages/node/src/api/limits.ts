/** What a server grants a client. Sizes are in bytes, times in milliseconds. */
export type ServerLimits = {
  /** Longest CBOR body of a submission. */
  readonly cborBytesMax: number;
  /** Longest JSON body of a submission. */
  readonly jsonBytesMax: number;
  /** Most transactions in one submission. */
  readonly transactionsMax: number;
  /** Most submissions that are being read or wait for their block. */
  readonly submissionsMax: number;
  /** Most bytes that the bodies of those submissions may take together. */
  readonly submissionBytesMax: number;
  /** Most questions that are with the consensus at a time. */
  readonly consensusQuestionsMax: number;
  /** Longest payload. */
  readonly payloadBytesMax: number;
  /** Most payloads that are being received. */
  readonly payloadsMax: number;
  /** Where others wait, a payload that arrives with fewer bytes in a second than this is given up for them. */
  readonly payloadSlowBytesS: number;
  /** Most payloads that are being sent; where others wait, one that is read slowly is given up for them. */
  readonly downloadsMax: number;
  /** Most legacy codes that are looked up at once. */
  readonly lookupValuesMax: number;
  /** Longest body that names them. */
  readonly lookupBytesMax: number;
  /** Most such bodies that are being read or answered. */
  readonly lookupsMax: number;
  /** Most entries in one part of a list. */
  readonly listEntriesMax: number;
  /** A part of a list or a history ends with what brings its records to so many bytes, or beyond. */
  readonly partBytesMax: number;
  /** Most bytes that long answers may take together until their clients have taken them. */
  readonly answerBytesMax: number;
  /** Most versions in one part of a history. */
  readonly historyVersionsMax: number;
  /** Longest address, in characters. */
  readonly urlCharactersMax: number;
  /** Longest head of a request, with its address. */
  readonly headBytesMax: number;
  /** How long the head of a request may take to arrive. */
  readonly headTimeoutMs: number;
  /** How long the body of a submission may take to arrive. */
  readonly bodyTimeoutMs: number;
  /** How long any request may take to arrive, payloads too. */
  readonly requestTimeoutMs: number;
  /** After how long without a byte in either direction a connection is closed. */
  readonly idleTimeoutMs: number;
  /** How long requests in progress may take to end when the server closes. */
  readonly closeTimeoutMs: number;
  readonly connectionsMax: number;
};

/** Limits that serve a city on one machine. */
export const SERVER_LIMITS: ServerLimits = {
  cborBytesMax: 32 * 1_048_576,
  jsonBytesMax: 8 * 1_048_576,
  transactionsMax: 1_000,
  submissionsMax: 2_048,
  submissionBytesMax: 256 * 1_048_576,
  consensusQuestionsMax: 16,
  payloadBytesMax: 4 * 1_073_741_824,
  payloadsMax: 16,
  payloadSlowBytesS: 262_144,
  downloadsMax: 1_024,
  lookupValuesMax: 1_000,
  lookupBytesMax: 262_144,
  lookupsMax: 256,
  listEntriesMax: 10_000,
  partBytesMax: 4 * 1_048_576,
  answerBytesMax: 128 * 1_048_576,
  historyVersionsMax: 1_000,
  urlCharactersMax: 4_096,
  headBytesMax: 16_384,
  headTimeoutMs: 10_000,
  bodyTimeoutMs: 60_000,
  requestTimeoutMs: 1_800_000,
  idleTimeoutMs: 60_000,
  closeTimeoutMs: 10_000,
  connectionsMax: 10_000,
};
