import { LOG_LEVELS, type LogLevel } from "@cityroot/node/home/config";
import { startWitness } from "@cityroot/node/witness/start-witness";
import type { CommandDefinition } from "../../command-definition.ts";
import { checkListen } from "../../registry/check-listen.ts";
import { listenOf } from "../../registry/home-options.ts";
import { waitForInterrupt } from "../../registry/wait-for-interrupt.ts";
import { recordFailure, witnessToRead } from "../../registry/witness-home.ts";

export const command: CommandDefinition = {
  options: [
    { flags: "--listen <host:port>", text: "option.witnessListen" },
    { flags: "--log-level <level>", text: "option.logLevel", choices: LOG_LEVELS },
  ],
  examples: [
    "cityroot witness start --home witness",
    "cityroot witness start --home witness --listen 0.0.0.0:8788 --log-level warn",
  ],
  run: async (context, input) => {
    const { say, colors } = context;
    const { path, config } = witnessToRead(context);
    const asked = input.text("listen");
    const listen = asked === undefined ? config.listen : listenOf(context, asked);
    const logLevel = input.text("log-level") as LogLevel | undefined;
    await checkListen(context, path, listen);
    const witness = await startWitness({
      home: path,
      listen,
      ...(logLevel !== undefined && { logLevel }),
    }).catch((error) => {
      throw recordFailure(context, error);
    });
    const { address, key, logs } = witness;
    context.show({ address, witness: key, logs }, () => [
      say("witness.serves", { key, address, logs }).replace(address, colors.bold),
      colors.dim(say("start.stop")),
    ]);
    if (logs === 0) context.warn("NO_LOGS", say("witness.noLogs"));
    await waitForInterrupt(context.io);
    context.note(say("start.stopping"));
    await witness.close();
    return undefined;
  },
};
