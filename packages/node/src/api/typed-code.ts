import type { Fault } from "@cityroot/codes/fault";
import { type Code, parseCode } from "@cityroot/codes/ma/code";
import { guessMeantText } from "@cityroot/codes/ma/meant-text";
import { codeFromUrl } from "@cityroot/codes/ma/url";

/** What a text that someone typed, pasted or scanned stands for. */
export type TypedCode =
  /** It is a code, or an address of one. */
  | { readonly kind: "code"; readonly code: Code }
  /** It was probably meant as a code: spaces, full-width characters, look-alikes. */
  | { readonly kind: "meant"; readonly code: Code }
  /** It looks like a code and is none. */
  | { readonly kind: "malformed"; readonly fault: Fault }
  | { readonly kind: "unread" };

/** Longest text that is read, in characters. */
const TYPED_CHARACTERS_MAX = 2_048;

/** Reads what someone typed. */
export function readTyped(typed: string): TypedCode {
  const text = typed.trim();
  if (text.length > TYPED_CHARACTERS_MAX) return { kind: "unread" };
  const code = codeIn(text);
  if (code !== undefined) return { kind: "code", code };
  const guess = guessMeantText(text);
  const meant = codeIn(guess);
  if (meant !== undefined) return { kind: "meant", code: meant };
  const read = parseCode(text);
  return looksLikeCode(guess) && !read.ok ? { kind: "malformed", fault: read.fault } : { kind: "unread" };
}

/** Whether a text was meant as a code, whatever is wrong with it. */
export function looksLikeCode(text: string): boolean {
  return /^ma[./]/i.test(guessMeantText(text.slice(0, TYPED_CHARACTERS_MAX)));
}

function codeIn(text: string): Code | undefined {
  const own = parseCode(text);
  if (own.ok) return own.value;
  const address = codeFromUrl(text);
  return address.ok ? address.value : undefined;
}
