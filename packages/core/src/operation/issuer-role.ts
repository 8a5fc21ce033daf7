import type { Code } from "@cityroot/codes/ma/code";
import type { Role } from "../key/role.ts";
import { accept, type Outcome } from "../outcome.ts";
import type { ApplyContext } from "./context.ts";

/**
 * Whose threshold issuing a code takes: the registrar's or that of records, whichever signed. Whether the rules above
 * the code want the registrar's is theirs to say: RULE_ROLE. Where neither signed, it is the one that they want.
 */
export function issuerRoleOf(context: ApplyContext, code: Code): Outcome<Role> {
  if (context.hasSigned("registrar")) return accept("registrar");
  if (context.hasSigned("records")) return accept("records");
  const authority = context.authority.above(context.state, code);
  const byRegistrar = authority?.rules.some((binding) => binding.rule.issuer === "registrar") ?? false;
  return accept(byRegistrar ? "registrar" : "records");
}
