import { type Client, createClient } from "@cityroot/sdk/client";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { findUrl } from "./address.ts";
import { findPolicy } from "./find-policy.ts";
import { checkpointFile } from "./known-registry.ts";

/** Makes a client for the registry of this call, with whom to believe about it. */
export async function connect(
  context: Context,
  options: { readonly timeoutMs?: number } = {},
): Promise<Client> {
  const url = checkUrl(context, findUrl(context));
  const { policy, checkpointPath } = await findPolicy(context, url);
  return createClient({ url, policy, remember: checkpointFile(checkpointPath), ...options });
}

/** The address of a registry, as a user named it. */
export function checkUrl({ say }: Pick<Context, "say">, url: string, field = "--url"): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  const expected = say("error.url.expected");
  throw new CommandFailure({
    code: "URL_MALFORMED",
    exit: "usage",
    detail: say("error.malformed", { field, expected, got: url }),
    field,
    expected,
    got: url,
  });
}
