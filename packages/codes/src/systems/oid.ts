import { DIGITS } from "./characters.ts";
import type { CodingSystem, Part, Words } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseForm, refuseValue } from "./refusal.ts";

const ROOTS: readonly Words[] = [
  { en: "ITU-T", zh: "ITU-T" },
  { en: "ISO", zh: "ISO" },
  { en: "ISO and ITU-T together", zh: "ISO与ITU-T联合" },
];
/** Highest second number below the first two roots. X.660 6.4. */
const SECOND_MAX = 39;
/** Most digits of one number: of one of 128 bits, as a UUID below 2.25 has. */
const ARC_DIGITS_MAX = 39;
const CHINA: readonly string[] = ["1.2.156", "2.16.156"];

/** Object identifier: the numbers of a path in the tree of the ITU-T and ISO, with dots between. */
export const oid: CodingSystem = {
  id: "oid",
  title: { en: "Object identifier (OID)", zh: "对象标识符（OID）" },
  standards: [
    { name: "ITU-T X.660 | ISO/IEC 9834-1", basis: "public-source" },
    { name: "GB/T 26231-2017", basis: "common-knowledge" },
  ],
  form: { lengths: [3, 255], characters: `${DIGITS}.`, needs: ".", case: "upper", separators: "" },
  parse: (text) => {
    const arcs = text.split(".");
    let at = 0;
    for (const arc of arcs) {
      if (arc === "" || (arc.length > 1 && arc.startsWith("0")) || arc.length > ARC_DIGITS_MAX) {
        const expected = `numbers of at most ${ARC_DIGITS_MAX} digits, without zeros in front`;
        return refuseForm({ field: "arc", expected, got: arc, at });
      }
      at += arc.length + 1;
    }
    const [root, second = ""] = arcs as [string, string?];
    if (!["0", "1", "2"].includes(root) || arcs.length < 2)
      return refuseForm({ field: "root", expected: "0, 1 or 2, and a number below it", got: text, at: 0 });
    if (root !== "2" && (second.length > 2 || Number(second) > SECOND_MAX))
      return refuseValue("second", { expected: `0 to ${SECOND_MAX} below ${root}`, got: second, at: 2 });
    return reading(text, "none", oidParts(text, root));
  },
  examples: [{ value: "1.2.156.112719", of: { en: "an organisation of China", zh: "中国的一家机构" } }],
  names: "thing",
};

function oidParts(text: string, root: string): readonly Part[] {
  const first = partOf("root", "Root", "根节点", root, ROOTS[Number(root)]);
  const china = CHINA.find((path) => text === path || text.startsWith(`${path}.`));
  if (china === undefined)
    return [first, partOf("arcs", "Numbers below", "下级节点", text.slice(root.length + 1))];
  const country = partOf("country", "Country", "国家", china, { en: "China", zh: "中国" });
  if (text === china) return [first, country];
  return [first, country, partOf("arcs", "Numbers below", "下级节点", text.slice(china.length + 1))];
}
