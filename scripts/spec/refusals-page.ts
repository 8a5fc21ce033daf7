// docs/spec/refusals.md: every refusal with its number, its meaning and the clauses that give it.
import { REJECTIONS, type RejectionName } from "@cityroot/core/rejection";
import { type Clause, namesIn } from "./clauses.ts";
import { GENERATED } from "./index-page.ts";
import { REFUSAL_MEANINGS } from "./refusal-meanings.ts";

/** Numbers from here on are a node's own. */
const OWN_FROM = 200;

/** The page, from the clauses that were written by hand. */
export function makeRefusalsPage(clauses: readonly Clause[]): string {
  const names = Object.keys(REJECTIONS) as RejectionName[];
  const protocol = names.filter((name) => REJECTIONS[name].number < OWN_FROM);
  const own = names.filter((name) => REJECTIONS[name].number >= OWN_FROM);
  return `# 9 Refusals

${GENERATED}

## 9.1 What a refusal says

**9.1.1** A refusal has a name, of those below, and a sentence for people, which is never parsed. Where a field is at
fault, it names the field, what was expected, what came, and perhaps the position and a fix. Within a transaction it names
the operation by its index from 0.

**9.1.2** Numbers stand in the results of blocks (8.2.1) and in the log (8.3.1): they are consensus, never given anew and
never used again. 0 is no refusal. \`http\` is the status with which an interface answers.

**9.1.3** Checks are made in the order of their clauses, and the first that fails gives the name.

## 9.2 Refusals of the protocol

${tableOf(protocol, clauses)}

## 9.3 A node's own

They say nothing of the transaction, may differ from node to node, and never stand in a block.

${tableOf(own, clauses)}
`;
}

function tableOf(names: readonly RejectionName[], clauses: readonly Clause[]): string {
  const rows = names.map((name) => {
    const { number, http } = REJECTIONS[name];
    const given = clauses.filter(({ text }) => namesIn(text).includes(name)).map((clause) => clause.number);
    return `| ${number} | \`${name}\` | ${http} | ${REFUSAL_MEANINGS[name]} | ${given.join(", ")} |`;
  });
  return ["| number | name | http | meaning | clauses |", "|---|---|---|---|---|", ...rows].join("\n");
}
