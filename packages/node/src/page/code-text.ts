import { type Code, partsOf } from "@cityroot/codes/ma/code";
import { type Html, html } from "./html.ts";

/** Shortest node of digits that is shown in groups. */
const GROUPED_DIGITS_MIN = 6;
const GROUP_DIGITS = 4;

/**
 * A code in large type: one line for each of its parts where there is little room, the last one strongest, since it is
 * what tells things apart. Digits stand in groups. Selected and copied, it is the code and nothing else.
 */
export function largeCode(code: Code): Html {
  const parts = partTexts(code);
  const shown = parts.map((part, at) => {
    return html`<span class="part${at === parts.length - 1 && " last"}">${nodesOf(part)}</span>`;
  });
  return html`<p class="number" translate="no">${shown}</p>`;
}

/** The parts of a code with the separators before them: together they are the code. */
function partTexts(code: Code): readonly string[] {
  if (partsOf(code).profile === "medical") return [code];
  return code.split("/").map((part, at) => (at === 0 ? part : `/${part}`));
}

/** Nodes of a part with room to break after each "."; before a "/" the part itself begins. */
function nodesOf(part: string): readonly Html[] {
  return part.split(/([./])/).map((piece) => {
    if (piece === ".") return html`<i>.</i><wbr>`;
    return piece === "/" ? html`<i>/</i>` : html`${groupsOf(piece)}`;
  });
}

function groupsOf(node: string): Html | string {
  if (node.length < GROUPED_DIGITS_MIN || !/^\d+$/.test(node)) return node;
  const count = Math.ceil(node.length / GROUP_DIGITS);
  const groups: string[] = [];
  let at = 0;
  for (let left = count; left > 0; left--) {
    const size = Math.floor((node.length - at) / left);
    groups.push(node.slice(at, at + size));
    at += size;
  }
  return html`${groups.map((group) => html`<b>${group}</b>`)}`;
}

/** Text that may break after separators. */
export function breakable(code: string): Html {
  return html`${code.split(/(?<=[./])/).map((node, at) => html`${at > 0 && html`<wbr>`}${node}`)}`;
}
