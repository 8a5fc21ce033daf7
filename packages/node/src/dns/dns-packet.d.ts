/** The part of dns-packet that the responder uses. */
declare module "dns-packet" {
  /** A record as it is read. */
  export type DecodedRecord = {
    readonly name: string;
    readonly type: string;
    /** Of an OPT record. */
    readonly udpPayloadSize?: number;
    readonly ednsVersion?: number;
  };
  /** A record to be written. */
  export type EncodableRecord = {
    readonly name: string;
    readonly type: string;
    readonly ttl?: number;
    readonly data?: unknown;
    /** Of an OPT record. */
    readonly udpPayloadSize?: number;
    readonly extendedRcode?: number;
  };
  type Decode<T> = { (bytes: Buffer, offset?: number): T; bytes: number };
  const packet: {
    readonly decode: Decode<{ readonly additionals: readonly DecodedRecord[] }>;
    readonly answer: { readonly encode: (record: EncodableRecord) => Buffer };
  };
  export default packet;
}
