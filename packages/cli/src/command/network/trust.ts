import { networkOf } from "@cityroot/core/genesis";
import { findTrust } from "@cityroot/node/engine/cometbft/find-trust";
import { isPublicUrl } from "@cityroot/node/home/config-field";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { trustFailure } from "../../network/asked-state-sync.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { homeToRead } from "../../registry/home-to-read.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<addresses...>", text: "argument.trustAddresses" }],
  options: [{ flags: "--height <height>", text: "option.trustHeight" }],
  examples: [
    "cityroot network trust https://a.example.cn https://b.example.cn",
    "cityroot network trust https://a.example.cn https://b.example.cn --home replica --height 120000",
  ],
  run: async (context, input) => {
    const { say, language } = context;
    const servers = input.argumentList("addresses").map((address) => addressOf(context, address));
    if (new Set(servers).size < 2)
      throw optionMalformed(say, {
        ...{ field: "addresses", expected: say("error.trustAddresses.expected"), got: servers.join(", ") },
      });
    const height = input.count("height", 1);
    // A home that is named says which network it has to be.
    const network = context.home === undefined ? null : networkOf(homeToRead(context).genesis).id;
    const block = await findTrust(servers, network, height).catch((cause: Error) => {
      throw trustFailure(context, cause);
    });
    const stateSync = { servers, trustHeight: block.height, trustHash: block.hash };
    context.show({ ...block, stateSync }, () => [
      ...context.facts([
        [say("trust.network"), block.network],
        [say("trust.height"), block.height.toLocaleString(language)],
        [say("trust.hash"), block.hash],
        [say("trust.time"), block.time],
      ]),
      "",
      say("trust.compare"),
      "",
      say("trust.config"),
      JSON.stringify({ stateSync }, null, 2),
    ]);
    return undefined;
  },
};

function addressOf({ say }: Pick<Context, "say">, address: string): string {
  if (isPublicUrl(address)) return address.replace(/\/+$/, "");
  throw optionMalformed(say, { field: "addresses", expected: say("error.url.expected"), got: address });
}
