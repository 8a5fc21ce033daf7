import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import type { Context } from "../context.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";

/** A CometBFT to run, and how a configuration names it: null for the one that was built. Throws where there is none. */
export async function askedCometBft(
  { io }: Pick<Context, "io">,
  input: Input,
): Promise<{ readonly binary: string; readonly configured: string | null }> {
  const given = input.text("cometbft");
  const configured = given === undefined ? null : pathFrom(io.workingFolder, given);
  return { binary: await findCometBft(configured), configured };
}
