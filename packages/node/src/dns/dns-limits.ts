/** What a responder grants. Sizes are in bytes, times in milliseconds. */
export type DnsLimits = {
  /** Longest query over UDP; longer ones are dropped. */
  readonly udpQueryBytesMax: number;
  /** Longest query over TCP; a longer one ends its connection. */
  readonly tcpQueryBytesMax: number;
  /** Replies over UDP in a second to a network of 256 IPv4 addresses or a /56 of IPv6; twice as many at once. */
  readonly repliesPerSecond: number;
  /** Networks that are counted at once. */
  readonly networksMax: number;
  readonly connectionsMax: number;
  /** Queries of one connection, after which it is closed. */
  readonly connectionQueriesMax: number;
  /** After how long without a whole query a connection is closed. */
  readonly idleTimeoutMs: number;
  /** Replies that a client has not taken yet; with more, its connection is closed. */
  readonly unreadBytesMax: number;
};

/** Limits that serve the resolvers of a country. */
export const DNS_LIMITS: DnsLimits = {
  udpQueryBytesMax: 1_232,
  tcpQueryBytesMax: 1_232,
  repliesPerSecond: 200,
  networksMax: 65_536,
  connectionsMax: 256,
  connectionQueriesMax: 1_000,
  idleTimeoutMs: 10_000,
  unreadBytesMax: 131_072,
};
