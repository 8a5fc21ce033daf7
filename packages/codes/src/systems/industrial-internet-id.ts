import { isDigits } from "../ascii.ts";
import type { CodingSystem, Part } from "./coding-system.ts";
import { refuseForm } from "./refusal.ts";

/** Longest identifier. The limit of the interfaces of enterprise nodes. */
const CHARACTERS_MAX = 255;
/** First nodes of prefixes that resolve through the national top nodes. */
const ROOTS = ["86", "88"];
const NODES = 3;
/** Most digits of a node. Our choice: published ones have up to eight. */
const NODE_DIGITS_MAX = 16;
/** Control characters, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Identifier of China's Industrial Internet in the form of a handle: the prefix of an enterprise, which is three numbers
 * with dots between, a slash, and a suffix that the enterprise gives, in any characters and with its case kept. The first
 * number is 86 or 88, the second a second-level node (an industry or a region), the third the enterprise. Identifiers of
 * other forms, such as those under VAA, are not read: their structure could not be established.
 */
export const industrialInternetId: CodingSystem = {
  id: "industrial-internet-id",
  title: { en: "Industrial Internet identifier", zh: "工业互联网标识" },
  standards: [{ name: "YD/T 4495-2023", basis: "public-source" }],
  form: {
    lengths: ["86.1.1/x".length, CHARACTERS_MAX],
    characters: "any",
    needs: "/",
    case: "keep",
    separators: "",
  },
  parse: (text) => {
    const slash = text.indexOf("/");
    const prefix = text.slice(0, Math.max(slash, 0));
    const nodes = prefix.split(".");
    if (nodes.length !== NODES || !nodes.every(isNode)) {
      const expected = "three numbers with dots between, then a slash";
      return refuseForm({ field: "prefix", expected, got: text, at: 0 });
    }
    const [root, branch, enterprise] = nodes as [string, string, string];
    if (!ROOTS.includes(root)) return refuseForm({ field: "root", expected: "86 or 88", got: root, at: 0 });
    const suffix = text.slice(slash + 1);
    const at = suffix.search(UNPRINTABLE);
    if (suffix.trim() === "" || at >= 0) {
      const expected = "one or more printable characters";
      return refuseForm({ field: "suffix", expected, got: suffix, at: slash + 1 + Math.max(at, 0) });
    }
    const parts: Part[] = [
      { name: "prefix", label: { en: "Prefix", zh: "标识前缀" }, text: prefix },
      {
        name: "root",
        label: { en: "Root", zh: "国家代码" },
        text: root,
        meaning: { en: "China", zh: "中国" },
      },
      { name: "second-level", label: { en: "Second-level node", zh: "二级节点（行业代码）" }, text: branch },
      { name: "enterprise", label: { en: "Enterprise", zh: "企业代码" }, text: enterprise },
      { name: "suffix", label: { en: "Suffix", zh: "标识后缀" }, text: suffix },
    ];
    return { ok: true, value: { canonical: text, check: "none", parts } };
  },
  examples: [
    {
      value: "88.608.8899/META_zj02",
      of: { en: "a metadata template, in the guide for developers", zh: "开发说明文档中的元数据模板" },
    },
    {
      value: "88.111.1/meta_1b2f898f72",
      of: { en: "a metadata template, in a public connector", zh: "公开的连接器文档中的元数据模板" },
    },
  ],
  names: "thing",
};

function isNode(node: string): boolean {
  return node.length <= NODE_DIGITS_MAX && isDigits(node);
}
