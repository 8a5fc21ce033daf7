import Type from "typebox";
import { Value } from "typebox/value";

/** A block of a network's consensus: what a node that joins is to begin with. */
export type TrustedBlock = {
  /** Id of the network. */
  readonly network: string;
  readonly height: number;
  /** Hash of its header, 64 upper-case hexadecimal digits, as CometBFT writes them. */
  readonly hash: string;
  /** Its time, RFC 3339 text. */
  readonly time: string;
};

/** Thrown when nodes do not answer, or say different things of the same block: the message says which. */
export class TrustError extends Error {
  override readonly name = "TrustError";
}

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

const Height = Type.String({ pattern: "^[1-9][0-9]{0,15}$" });
const CommitAnswer = Type.Object({
  result: Type.Object({
    signed_header: Type.Object({
      header: Type.Object({ chain_id: Type.String(), height: Height, time: Type.String() }),
      commit: Type.Object({
        height: Height,
        block_id: Type.Object({ hash: Type.String({ pattern: "^[0-9A-F]{64}$" }) }),
      }),
    }),
  }),
});

/** Address at which a node answers a light client, of the address at which it answers everyone. */
export function consensusAddressOf(server: string): string {
  return `${server.replace(/\/+$/, "")}/v1/consensus`;
}

/**
 * Asks two nodes or more of a network (null: of whichever the first is) for the newest block that all of them have, or for the one of a height, and compares what they
 * say. They can only be wrong together: whoever joins compares the hash with an operator of the network once more, by
 * another way. Throws a {@link TrustError}.
 */
export async function findTrust(
  servers: readonly string[],
  network: string | null,
  height?: number,
): Promise<TrustedBlock> {
  if (new Set(servers).size < 2) throw new TrustError(`expected two nodes or more, got ${servers.length}`);
  const newest = await Promise.all(servers.map((server) => askCommit(server, network, height)));
  const other = newest.findIndex((block) => block.network !== newest[0]!.network);
  if (other >= 0)
    throw new TrustError(
      `${servers[0]} is of the network ${newest[0]!.network}, ${servers[other]} of ${newest[other]!.network}`,
    );
  const common = Math.min(...newest.map((block) => block.height));
  const same = await Promise.all(
    servers.map((server, at) =>
      newest[at]!.height === common ? newest[at]! : askCommit(server, network, common),
    ),
  );
  const [first] = same;
  const liar = same.findIndex(({ hash }) => hash !== first!.hash);
  if (liar < 0) return first!;
  throw new TrustError(
    `${servers[0]} says that block ${common} is ${first!.hash}, ${servers[liar]} that it is ${same[liar]!.hash}: find out who is wrong before you join`,
  );
}

/** Height of the newest block that any of some nodes of a network has. Throws a {@link TrustError}. */
export async function findNewestHeight(servers: readonly string[], network: string): Promise<number> {
  const newest = await Promise.all(servers.map((server) => askCommit(server, network, undefined)));
  return Math.max(...newest.map(({ height }) => height));
}

/** Whether a node gives the header of a block, whatever that says. `address` is that of {@link consensusAddressOf}. */
export async function givesBlock(address: string, height: number): Promise<boolean> {
  const question = { jsonrpc: "2.0", id: 1, method: "commit", params: { height: String(height) } };
  const answer = await post(address, question).catch(() => undefined);
  return Value.Check(CommitAnswer, answer) && answer.result.signed_header.header.height === String(height);
}

async function askCommit(
  server: string,
  network: string | null,
  height: number | undefined,
): Promise<TrustedBlock> {
  const params = height === undefined ? {} : { height: String(height) };
  const answer = await post(consensusAddressOf(server), { jsonrpc: "2.0", id: 1, method: "commit", params });
  if (!Value.Check(CommitAnswer, answer))
    throw new TrustError(
      `${server} gives no block ${height ?? "at all"}: ${JSON.stringify(answer).slice(0, 300)}`,
    );
  const { header, commit } = answer.result.signed_header;
  if (network !== null && header.chain_id !== network)
    throw new TrustError(`${server} is of the network ${header.chain_id}, expected ${network}`);
  const got = Number(commit.height);
  if (header.height !== commit.height || (height !== undefined && got !== height))
    throw new TrustError(`${server} was asked for block ${height ?? "newest"} and gives block ${got}`);
  return { network: header.chain_id, height: got, hash: commit.block_id.hash, time: header.time };
}

async function post(address: string, body: unknown): Promise<unknown> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // Nodes are compared because they are different ones: none speaks for another.
      redirect: "error",
    });
    if (response.body === null) return null;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES_MAX) throw new Error(`it answers more than ${ANSWER_BYTES_MAX} bytes`);
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new TrustError(`${address} does not answer: ${(cause as Error).message}`, { cause });
  }
}
