/**
 * Text of UTF-8 bytes; undefined for ill-formed ones: overlong forms, surrogates, points above U+10FFFF, cut
 * sequences. So the bytes of the text are again those that came. RFC 3629 §3.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    const length = lengthOf(first);
    if (length === 0 || at + length > bytes.length) return undefined;
    let point = length === 1 ? first : first & (0x7f >> length);
    for (const next of bytes.subarray(at + 1, at + length)) {
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 0x3f);
    }
    if (!isShortest(point, length)) return undefined;
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

/** Bytes in the sequence that begins with this one; 0 where none may. */
function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

function isShortest(point: number, length: number): boolean {
  if (length === 3) return point >= 0x800 && !(point >= 0xd800 && point <= 0xdfff);
  return length !== 4 || (point >= 0x1_0000 && point <= 0x10_ffff);
}
