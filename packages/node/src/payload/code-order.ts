import { type Code, isCode } from "@cityroot/codes/ma/code";
import { CODE_CHARACTERS_MAX } from "@cityroot/codes/ma/limits";
import { findPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "@cityroot/core/attribute/personal-number";

const UNITS = 128;
/** Characters of a citizen number without separators: a node with fewer holds none. */
const CITIZEN_NUMBER_CHARACTERS = 18;
const SLASH = 0x2f;

/**
 * Follows the codes of a stream's items where they lie. What the grammar allows of the last node is asked of it once for
 * each parent: every node is a number of units of one set, so that each unit and each length can be tried alone.
 */
export class CodeOrder {
  private readonly before = new Uint8Array(CODE_CHARACTERS_MAX);
  private length = 0;
  /** Length of the parent with the separator after it. */
  private stem = 0;
  private readonly isAllowed = new Uint8Array(256);
  private readonly isLength = new Uint8Array(CODE_CHARACTERS_MAX + 1);

  /** The last code; undefined before the first. */
  get last(): Code | undefined {
    if (this.length === 0) return undefined;
    return Buffer.from(this.before.buffer, 0, this.length).toString("latin1") as Code;
  }

  /**
   * Writes the separator after the parent and the last node of the last code: their length, 1 for "/" or 2 for ".", the
   * node, and zeros.
   */
  writeEnd(out: Uint8Array): void {
    out.fill(0);
    out[0] = this.length - this.stem + 1;
    out[1] = this.before[this.stem - 1] === SLASH ? 1 : 2;
    for (let at = this.stem; at < this.length; at++) out[at - this.stem + 2] = this.before[at]!;
  }

  /** Takes a code that was checked to be one and to come next. */
  take(code: Code): void {
    const stem = Math.max(code.lastIndexOf("."), code.lastIndexOf("/")) + 1;
    const isNew = stem !== this.stem || this.last?.slice(0, stem) !== code.slice(0, stem);
    this.length = Buffer.from(this.before.buffer).write(code, "latin1");
    if (isNew) this.learn(code, stem);
  }

  /**
   * Takes the code in the bytes from `from` to before `to` if it is one, has the parent of the last and the same
   * separator after it, comes after the last in the order of the state tree, and has no number of a person in its last
   * node. Others may still be right.
   */
  takeBytes(bytes: Uint8Array, from: number, to: number): boolean {
    const { before, stem } = this;
    const length = to - from;
    if (length <= stem || this.isLength[length] !== 1) return false;
    // What stands in the parent was looked at when it was learned, and its separator ends a number.
    if (!isHarmlessNode(bytes, from + stem, to)) return false;
    const shared = length < this.length ? length : this.length;
    let same = 0;
    while (same < shared && before[same] === bytes[from + same]) same++;
    // Both go on differently in the last node, where the tree's order is that of bytes, or this one is longer.
    if (same < stem || same === length) return false;
    if (same < this.length && bytes[from + same]! < before[same]!) return false;
    for (let at = same; at < length; at++) if (this.isAllowed[bytes[from + at]!] !== 1) return false;
    for (let at = same; at < length; at++) before[at] = bytes[from + at]!;
    this.length = length;
    return true;
  }

  private learn(code: Code, stem: number): void {
    this.stem = stem;
    const above = code.slice(0, stem);
    const own = code.length - stem;
    for (let unit = 0; unit < UNITS; unit++) {
      this.isAllowed[unit] = isCode(above + String.fromCharCode(unit).repeat(own)) ? 1 : 0;
    }
    const unit = String.fromCharCode(this.isAllowed.indexOf(1));
    for (let length = 0; length <= CODE_CHARACTERS_MAX; length++) {
      this.isLength[length] = length > stem && isCode(above + unit.repeat(length - stem)) ? 1 : 0;
    }
  }
}

/** Whether no number of a person stands in a node, of the kinds that are sought in codes. */
function isHarmlessNode(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < CITIZEN_NUMBER_CHARACTERS) return true;
  const node = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
  return findPersonalNumber(node, PERSONAL_NUMBER_KINDS_IN_CODES) === undefined;
}
