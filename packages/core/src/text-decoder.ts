import { decodeUtf8 } from "./log/utf8.ts";

/**
 * Text of the UTF-8 bytes from `from` up to `end`; undefined for ill-formed ones, as {@link decodeUtf8} has it. RFC 3629.
 */
export type TextDecoder = (bytes: Uint8Array, from: number, end: number) => string | undefined;

/** The decoder in plain JavaScript: in use until another is installed, and right everywhere. */
export const PURE_TEXT_DECODER: TextDecoder = (bytes, from, end) => {
  let text = "";
  for (let at = from; at < end; at++) {
    const unit = bytes[at]!;
    if (unit >= 0x80) return decodeUtf8(bytes.subarray(from, end));
    text += String.fromCharCode(unit);
  }
  return text;
};

let implementation: TextDecoder = PURE_TEXT_DECODER;

/** Decodes with the decoder that is installed. */
export function decodeText(bytes: Uint8Array, from: number, end: number): string | undefined {
  return implementation(bytes, from, end);
}

/** Installs another decoder for the whole process, such as a native one. It has to give the same verdicts and texts. */
export function useTextDecoder(decoder: TextDecoder): void {
  implementation = decoder;
}
