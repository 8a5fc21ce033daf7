import type { Code } from "@cityroot/codes/ma/code";
import type { Text } from "@cityroot/core/attribute/text";
import type { CborValue } from "@cityroot/core/cbor";
import type { Description, Record } from "@cityroot/core/state/record";
import { MEDIA } from "../api/answer.ts";
import { nameOf } from "../api/read/json.ts";
import { canonicalRelation } from "./relation.ts";
import type { SetLink } from "./set-link.ts";

/** What this server calls its own answers. */
const TITLES = {
  page: [
    ["en", "Page of the code"],
    ["zh", "编码页面"],
  ],
  json: [
    ["en", "Record as JSON"],
    ["zh", "JSON 记录"],
  ],
  jsonLd: [
    ["en", "Record as JSON-LD"],
    ["zh", "JSON-LD 记录"],
  ],
  proof: [
    ["en", "Proof"],
    ["zh", "证明"],
  ],
  history: [
    ["en", "All versions"],
    ["zh", "所有版本"],
  ],
  successor: [
    ["en", "Successor"],
    ["zh", "后继编码"],
  ],
} as const satisfies { readonly [name: string]: Text };

const NOTHING_SAID = { type: null, languages: [], regions: [], title: null } as const;

/** What this server itself has of a code: its page, its record in other forms, its versions, its successors. */
export function ownLinks(
  base: string,
  code: Code,
  { succession }: Pick<Record, "succession">,
): readonly SetLink[] {
  const own = (
    rel: string,
    href: string,
    type: string,
    title: Text,
    languages: readonly string[] = [],
  ): SetLink => ({
    ...{ rel, href: base + href, type, languages, regions: [], title },
  });
  return [
    own("alternate", `/${code}`, "text/html", TITLES.page, ["zh", "en"]),
    own("alternate", `/${code}`, MEDIA.jsonLd, TITLES.jsonLd),
    own("alternate", `/v1/codes/${code}`, "application/json", TITLES.json),
    own("alternate", `/v1/proofs/${code}`, MEDIA.proof, TITLES.proof),
    own("version-history", `/v1/history/${code}`, "application/json", TITLES.history),
    ...(succession?.codes ?? []).map((successor) => ({
      ...NOTHING_SAID,
      ...{ rel: "successor-version", href: `${base}/${successor}`, title: TITLES.successor },
    })),
  ];
}

/** The links that a record holds, in its order. */
export function recordedLinks(description: Description): readonly SetLink[] {
  return (description.links as readonly (readonly CborValue[])[]).map(([rel, href, type, lang, title]) => ({
    rel: canonicalRelation(rel as string),
    href: href as string,
    type: type as string | null,
    languages: lang === null ? [] : [lang as string],
    regions: lang === null ? [] : regionsOf(lang as string),
    title: title as unknown as Text | null,
  }));
}

/** The region that a language tag names: who links to `de-CH` links to what is for Switzerland. */
function regionsOf(tag: string): readonly string[] {
  return tag.split("-").filter((part, at) => at > 0 && /^[A-Z]{2}$/.test(part));
}

/** What a thing is called: its name, or else its code. */
export function calledOf(code: Code, description: Description): Text {
  return nameOf(description) ?? [["und", code]];
}
