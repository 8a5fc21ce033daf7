import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { HASH_BYTES } from "../hash.ts";
import { decodeBase64 } from "./base64.ts";

/**
 * What every log's checkpoint says, whatever else stands in it: the log's name, its leaves (0 to 2^53-1), and its root
 * (32 bytes). C2SP tlog-checkpoint, "Note text".
 */
export type TreeHead = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;
const LINES_MIN = 3;

/**
 * Reads the first three lines of any log's checkpoint; extension lines may follow and are only seen not to be empty. A
 * log of size 0 may come with any root here: whoever uses it decides. C2SP tlog-checkpoint, "Note text".
 */
export function parseTreeHead(text: string): Parsed<TreeHead> {
  const lines = text.split("\n");
  const isWhole = lines.pop() === "" && lines.length >= LINES_MIN && !lines.includes("");
  if (!isWhole)
    return refuse("checkpoint", `at least ${LINES_MIN} lines, none empty, each with a newline`, text);
  const [origin, sizeText, rootText] = lines as [string, string, string];
  const size = parseDecimal(sizeText);
  if (size === undefined) return refuse("size", "a decimal from 0 to 2^53-1", sizeText);
  const root = parseHash(rootText);
  if (root === undefined) return refuse("root", "base64 of 32 bytes", rootText);
  return parsed({ origin, size, root });
}

/** A number from 0 to 2^53-1 in decimal without leading zeros; undefined for any other text. */
export function parseDecimal(text: string): number | undefined {
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A hash of 32 bytes in base64; undefined for any other text. */
export function parseHash(text: string): Uint8Array | undefined {
  const bytes = decodeBase64(text);
  return bytes?.length === HASH_BYTES ? bytes : undefined;
}

function refuse(field: string, expected: string, got: string): Parsed<never> {
  return refused(fault({ field, expected, got }));
}
