import type { AttributesJson } from "@cityroot/sdk/attributes-json";
import type { RuleJson } from "@cityroot/sdk/rule-json";

/** Rules of the starter registry: what may be issued below each of its prefixes. All of them are samples. */
export const STARTER_RULES: { readonly [prefix: string]: RuleJson } = {
  "MA.156": { shapes: ["any .<d2-6>**"] },
  "MA.156.1301": { shapes: ["any .<d2>**"] },
  "MA.156.1301.01": { shapes: ["issue /60.<d8>.<n1-20>/<n1-20>**"] },
  "MA.156.1301.02": {
    shapes: ["issue /60.<d8>.<n1-20>/<d6>"],
    classes: ["camera", "manhole-cover", "street-lamp", "traffic-signal"],
  },
  "MA.156.1301.10": {
    shapes: ["issue /80.10000000.1/<d12>"],
    classes: ["committee"],
    required: [{ class: "committee", attributes: ["legacy", "name"] }],
  },
  "MA.276": { shapes: ["any .<d5>**"] },
  "MA.276.11000": {
    shapes: ["issue /60.10000000.1/<d8-9>", "issue /60.10000000.1/<d8-9>.<a1-4>"],
    classes: ["transit-stop"],
    required: [{ class: "transit-stop", attributes: ["name", "place"] }],
  },
};

/** What the records of prefixes say that no table names. */
export const STARTER_NAMES: { readonly [prefix: string]: AttributesJson } = {
  "MA.156": { name: { en: "China", zh: "中国" } },
  "MA.276": { name: { de: "Deutschland", en: "Germany", zh: "德国" } },
  "MA.276.11000": { name: { de: "Berlin", en: "Berlin", zh: "柏林" } },
};
