import { isShortKeyName, printVerifierKey } from "@cityroot/core/log/note";
import { isHome } from "@cityroot/node/home/home";
import { createWitnessHome, isWitnessHome } from "@cityroot/node/witness/witness-home";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import type { Input } from "../../input.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { homeExists, listenOf } from "../../registry/home-options.ts";
import { witnessHomeHere } from "../../registry/witness-home.ts";

export const command: CommandDefinition = {
  options: [
    { flags: "--name <name>", text: "option.witnessName" },
    { flags: "--listen <host:port>", text: "option.witnessListen" },
  ],
  examples: ["cityroot witness init --home witness --name witness.example/w1"],
  run: async (context, input) => {
    const { say } = context;
    const path = witnessHomeHere(context);
    if (isHome(path)) throw homeExists(context, path);
    if (isWitnessHome(path)) throw witnessExists(context, path);
    const name = nameOf(context, input);
    const asked = input.text("listen");
    const listen = asked === undefined ? undefined : listenOf(context, asked);
    const home = await createWitnessHome(path, name, { ...(listen !== undefined && { listen }) });
    const witness = printVerifierKey(home.key.verifier);
    // The key is what was asked for: it stands also where nothing else is said.
    context.show({ home: path, witness }, () =>
      context.quiet
        ? witness
        : [
            say("done.witnessInit", { home: path }),
            say("witness.key", { key: witness }).replace(witness, context.colors.bold),
            say("witness.keepSafe", { path: `${path}/keys/witness.json` }),
            say("init.next", { command: `npx cityroot witness add-log LOGKEY --home ${path}` }),
          ],
    );
    return undefined;
  },
};

function nameOf({ say }: Context, input: Input): string {
  const got = input.needed("name");
  if (isShortKeyName(got)) return got;
  const expected = say("error.witnessName.expected");
  throw optionMalformed(say, { field: "--name", expected, got, fix: "--name witness.example/w1" });
}

function witnessExists({ say }: Context, path: string): CommandFailure {
  return new CommandFailure({
    code: "WITNESS_EXISTS",
    exit: "conflict",
    detail: say("error.witnessExists", { path }),
    field: "--home",
    expected: say("error.witnessExists.expected"),
    got: path,
    fix: say("error.witnessExists.fix"),
  });
}
