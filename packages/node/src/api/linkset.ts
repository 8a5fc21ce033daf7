import type { Code } from "@cityroot/codes/ma/code";
import { type Answer, MEDIA } from "./answer.ts";
import { linksToLinkset } from "./read/json.ts";
import type { IssuedStanding } from "./read/standing.ts";
import type { View } from "./read/view.ts";

/** The links of a record as a link set, RFC 9264, with what this server itself says of the code. */
export function answerLinkset(view: View, base: string, code: Code, standing: IssuedStanding): Answer {
  const { record } = standing;
  const own = {
    alternate: [
      { href: `${base}/v1/codes/${code}`, type: "application/json" },
      { href: `${base}/v1/proofs/${code}`, type: MEDIA.proof },
    ],
    "version-history": [{ href: `${base}/v1/history/${code}`, type: "application/json" }],
    ...(record.succession !== null && {
      "successor-version": record.succession.codes.map((successor) => ({ href: `${base}/${successor}` })),
    }),
  };
  const linkset = [{ anchor: `${base}/${code}`, ...merge(own, linksToLinkset(record)) }];
  return {
    status: record.status === "retired" ? 410 : 200,
    type: MEDIA.linkset,
    // As bytes: the type has no charset, which the router would add to text.
    body: Buffer.from(JSON.stringify({ linkset })),
    caching: "never",
    head: view.head,
  };
}

type Links = { readonly [relation: string]: readonly object[] };

function merge(own: Links, recorded: Links): Links {
  // A relation may have any name, also one that every object has, such as `constructor`.
  const merged = new Map(Object.entries(own));
  for (const [relation, links] of Object.entries(recorded))
    merged.set(relation, [...(merged.get(relation) ?? []), ...links]);
  return Object.fromEntries(merged);
}
