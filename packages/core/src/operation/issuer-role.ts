import type { Code } from "@cityroot/codes/ma/code";
import type { Role } from "../key/role.ts";
import { accept, type Outcome } from "../outcome.ts";
import type { ApplyContext } from "./context.ts";

/** Whose threshold issuing a code takes: the registrar's where a rule above it says so, else that of records. */
export function issuerRoleOf(context: ApplyContext, code: Code): Outcome<Role> {
  const authority = context.authority.above(context.state, code);
  const byRegistrar = authority?.rules.some((binding) => binding.rule.issuer === "registrar") ?? false;
  return accept(byRegistrar ? "registrar" : "records");
}
