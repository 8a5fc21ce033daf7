import type { CodingSystem, Part, Words } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";

const HEXADECIMAL = "0123456789ABCDEF";
const ORGANISATION = 6;
/** The two lowest bits of the first octet. */
const GROUP = 1;
const LOCAL = 2;

/** Address of a network interface, known as MAC address: six octets. Canonical here: capital digits without separators. */
export const eui48: CodingSystem = euiSystem({
  id: "eui-48",
  title: { en: "EUI-48 (MAC address)", zh: "EUI-48（MAC地址）" },
  digits: 12,
  example: "AC7BA1000001",
});

/** Eight octets, for devices beyond Ethernet. */
export const eui64: CodingSystem = euiSystem({
  id: "eui-64",
  title: { en: "EUI-64", zh: "EUI-64" },
  digits: 16,
  example: "AC7BA1FFFE000001",
});

function euiSystem(parts: {
  readonly id: string;
  readonly title: Words;
  readonly digits: number;
  readonly example: string;
}): CodingSystem {
  const { id, title, digits, example } = parts;
  return {
    ...{ id, title },
    standards: [{ name: "IEEE Std 802-2014", clause: "8.2", basis: "common-knowledge" }],
    form: { lengths: [digits, digits], characters: HEXADECIMAL, case: "upper", separators: " :-." },
    parse: (text) => reading(text, "none", euiParts(text)),
    examples: [{ value: example, of: { en: "a network interface", zh: "一个网络接口" } }],
    names: "thing",
  };
}

function euiParts(text: string): readonly Part[] {
  const first = Number.parseInt(text.slice(0, 2), 16);
  const kind = kindOf((first & GROUP) !== 0, (first & LOCAL) !== 0);
  return [
    partOf(
      "organisation",
      "Organisation, and kind of address",
      "机构标识与地址类型",
      text.slice(0, ORGANISATION),
      kind,
    ),
    partOf("extension", "Extension", "扩展标识", text.slice(ORGANISATION)),
  ];
}

function kindOf(isGroup: boolean, isLocal: boolean): Words {
  const whom = isGroup ? { en: "a group", zh: "组播" } : { en: "one interface", zh: "单播" };
  const scope = isLocal
    ? { en: "administered locally", zh: "本地管理" }
    : { en: "unique everywhere", zh: "全球唯一" };
  return { en: `${whom.en}, ${scope.en}`, zh: `${whom.zh}，${scope.zh}` };
}
