import { join } from "node:path";
import { changeMembers, type MemberChange } from "@cityroot/node/network/change-members";
import type { ArgumentDefinition, OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import type { Input } from "../input.ts";
import { homeToRead } from "../registry/home-to-read.ts";
import { readCardFile } from "./network-file.ts";

/** What the two commands take that change whom a node knows. */
export const MEMBER_ARGUMENTS: readonly ArgumentDefinition[] = [{ name: "<card>", text: "argument.card" }];
export const MEMBER_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--quorum <count>", text: "option.newQuorum" },
];

/** Adds a node to those that the node of this home knows, or takes it away. */
export async function changeMember(
  context: Context,
  input: Input,
  kind: MemberChange["kind"],
): Promise<undefined> {
  const { say } = context;
  const { path: home } = homeToRead(context);
  const card = readCardFile(context, input.argument("card"), "card");
  const { isChanged, policy } = changeMembers(home, { kind, card, quorum: input.count("quorum") });
  const { name } = card;
  context.done({ home, kind, name, isChanged, policy }, () =>
    isChanged
      ? [
          say(kind === "add" ? "network.added" : "network.removed", { home, name }),
          say("init.policy", { path: join(home, "policy.json") }),
          say("network.sameEverywhere"),
        ]
      : say("network.unchanged", { home }),
  );
  return undefined;
}
