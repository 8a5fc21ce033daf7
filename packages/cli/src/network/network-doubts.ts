import { bytesToHex } from "@cityroot/core/hex";
import { type NetworkFile, quorumOf } from "@cityroot/node/network/network-file";
import type { TextKey, TextValues } from "../text/say.ts";

/** Something in a network's file that is allowed, and that nobody should find out later. */
export type NetworkDoubt = { readonly code: string; readonly text: TextKey; readonly values: TextValues };

/**
 * What is unequal in a network: the digest that organisations compare only shows that all have one file, and whoever made it
 * may have taken more than a share. A genesis without cards says too little to tell.
 */
export function doubtsOf({ quorum, members, genesis }: NetworkFile): readonly NetworkDoubt[] {
  if (members.length === 0) return [];
  const doubts: NetworkDoubt[] = [];
  const { validators = [], roots } = genesis;
  const shares = validators.map(({ name, power }) => `${name} ${power}`).join(", ");
  if (new Set(validators.map(({ power }) => power)).size > 1)
    doubts.push({ code: "VOTES_UNEQUAL", text: "doubt.votes", values: { shares } });
  const voteless = members.filter(({ name }) => validators.every((validator) => validator.name !== name));
  if (validators.length > 0 && voteless.length > 0) {
    const names = voteless.map(({ name }) => name).join(", ");
    doubts.push({ code: "VOTE_MISSING", text: "doubt.voteless", values: { names } });
  }
  const least = quorumOf(members.length);
  if (quorum < least)
    doubts.push({
      ...{ code: "QUORUM_LOW", text: "doubt.quorum" },
      values: { quorum, count: members.length, least },
    });
  for (const { prefix, holder } of roots) {
    const { keys, roles, recovery } = holder.keys;
    // Whoever may act for one role, or recover, may take the whole.
    const seats = [...Object.values(roles), ...(recovery === null ? [] : [recovery])];
    const needed = Math.min(...seats.map((seat) => seat.needed));
    const strange = keys.filter(({ bytes }) => {
      return members.every(({ rootKey }) => rootKey !== bytesToHex(bytes));
    }).length;
    const isShared = strange === 0 && keys.length === members.length && needed >= quorumOf(keys.length);
    if (isShared) continue;
    const values = { prefix, needed, count: keys.length, strange };
    doubts.push({ code: "ROOT_UNSHARED", text: "doubt.root", values });
  }
  return doubts;
}
