import { encodeBase64 } from "@cityroot/core/log/base64";
import { printVerifierKey } from "@cityroot/core/log/note";
import { printHostPort } from "@cityroot/node/home/host-port";
import { readRecord } from "@cityroot/node/witness/log-record";
import type { CommandDefinition } from "../../command-definition.ts";
import { recordFailure, witnessToRead } from "../../registry/witness-home.ts";

export const command: CommandDefinition = {
  examples: ["cityroot witness show --home witness", "cityroot witness show --home witness --json"],
  run: async (context) => {
    const { say, language } = context;
    const { path, config, key, recordFolder } = witnessToRead(context);
    const witness = printVerifierKey(key.verifier);
    const logs = config.logs.map(({ origin, keys }) => {
      try {
        const cosigned = readRecord(recordFolder, origin, key.verifier);
        return {
          origin,
          keys: keys.map(printVerifierKey),
          size: cosigned?.head.size ?? null,
          root: cosigned === undefined ? null : encodeBase64(cosigned.head.root),
          timeS: cosigned?.timeS ?? null,
        };
      } catch (error) {
        throw recordFailure(context, error);
      }
    });
    context.show({ home: path, witness, listen: config.listen, logs }, () => [
      ...context.facts([
        [say("witness.fact.key"), witness],
        [say("witness.fact.listen"), printHostPort(config.listen)],
      ]),
      "",
      ...(logs.length === 0
        ? [say("witness.noLogs")]
        : context.table(
            [say("witness.fact.log"), say("witness.fact.size"), say("witness.fact.time")],
            logs.map(({ origin, size, timeS }) => [
              origin,
              size === null ? say("witness.nothingYet") : size.toLocaleString(language),
              timeS === null ? "" : new Date(timeS * 1_000).toISOString(),
            ]),
          )),
    ]);
    return undefined;
  },
};
