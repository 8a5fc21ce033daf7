/**
 * What a light client asks a node of its consensus (CometBFT's `light/provider/http` and `light/rpc`): signed headers, who
 * the validators are, and the parameters. What it gets it checks itself.
 */
export const CONSENSUS_METHODS = ["commit", "validators", "consensus_params"] as const;
export type ConsensusMethod = (typeof CONSENSUS_METHODS)[number];

/** One question. Numbers are decimal texts, as CometBFT writes them. */
export type ConsensusQuestion = {
  readonly method: ConsensusMethod;
  readonly params: {
    /** Height of the block; the newest if left out. */
    readonly height?: string;
    /** Which part of the validators, from 1 up, and how many are in one. */
    readonly page?: string;
    readonly per_page?: string;
  };
};

/** What CometBFT answered: as it is, a result or an error of JSON-RPC 2.0. */
export type ConsensusAnswer = { readonly result?: unknown; readonly error?: unknown };

const NUMBER = /^[1-9][0-9]{0,18}$/;
const PARAMS: { readonly [method in ConsensusMethod]: readonly string[] } = {
  commit: ["height"],
  validators: ["height", "page", "per_page"],
  consensus_params: ["height"],
};

/** Reads a question; undefined for anything else, so that nothing else is handed on. */
export function readConsensusQuestion(value: unknown): ConsensusQuestion | undefined {
  const { method, params = {} } = (value ?? {}) as { readonly method?: unknown; readonly params?: unknown };
  const known = CONSENSUS_METHODS.find((one) => one === method);
  if (known === undefined || typeof params !== "object" || params === null || Array.isArray(params)) {
    return undefined;
  }
  const read: { [name: string]: string } = {};
  for (const [name, number] of Object.entries(params)) {
    // Numbers are taken in either form, and an absent one may be said to be null.
    if (number === null) continue;
    const text = typeof number === "number" ? String(number) : number;
    if (!PARAMS[known].includes(name) || typeof text !== "string" || !NUMBER.test(text)) return undefined;
    read[name] = text;
  }
  return { method: known, params: read };
}
