/** Modes of QR Code that can hold an address. ISO/IEC 18004:2015, 7.4. */
export type QrMode = "alphanumeric" | "byte";

/** Data codewords of versions 1 to 40 at error correction level Q. ISO/IEC 18004:2015, table 7. */
const DATA_CODEWORDS_Q = [
  13, 22, 34, 48, 62, 76, 88, 110, 132, 154, 180, 206, 244, 261, 295, 325, 367, 397, 445, 485, 512, 568, 614,
  664, 718, 754, 808, 871, 911, 985, 1033, 1115, 1171, 1231, 1286, 1354, 1426, 1502, 1582, 1666,
];

const MODE_INDICATOR_BITS = 4;

/** Bits of the character count indicator. ISO/IEC 18004:2015, table 3. */
function countBits(mode: QrMode, version: number): number {
  if (mode === "byte") return version < 10 ? 8 : 16;
  return version < 10 ? 9 : version < 27 ? 11 : 13;
}

/** Characters that a symbol of this version, 1 to 40, holds at level Q in one segment of the mode. */
export function qrCapacityOf(mode: QrMode, version: number): number {
  const bits = DATA_CODEWORDS_Q[version - 1]! * 8 - MODE_INDICATOR_BITS - countBits(mode, version);
  if (mode === "byte") return bits >> 3;
  const rest = bits % 11;
  return ((bits - rest) / 11) * 2 + (rest >= 6 ? 1 : 0);
}

/** The smallest version, 1 to 40, that holds so many characters at level Q, if any. */
export function findQrVersion(mode: QrMode, characters: number): number | undefined {
  for (let version = 1; version <= DATA_CODEWORDS_Q.length; version++) {
    if (qrCapacityOf(mode, version) >= characters) return version;
  }
  return undefined;
}

/** Whether QR alphanumeric mode holds the character: 0-9 A-Z space $ % * + - . / : (ISO/IEC 18004:2015, table 5). */
export function isQrAlphanumeric(unit: number): boolean {
  return (
    (unit >= 0x30 && unit <= 0x3a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    " $%*+-./".includes(String.fromCharCode(unit))
  );
}
