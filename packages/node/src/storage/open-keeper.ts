import type { Logger } from "pino";
import type { Home } from "../home/home.ts";
import { openPayloads } from "../open-payloads.ts";
import { openReader } from "../resolver/open-reader.ts";
import { openRegistryStore } from "../store/registry-store.ts";
import { type PayloadKeeper, startKeeper } from "./payload-keeper.ts";
import { openPayloadRegister } from "./payload-register.ts";

const DAY_MS = 86_400_000;

/** Where the register of a home's payloads is. */
export function registerPathOf({ payloadFolder }: Pick<Home, "payloadFolder">): string {
  return `${payloadFolder}/register.mdb`;
}

/** Begins to keep the payloads of a home, in this process. The home's store has its first block. */
export async function openKeeper(home: Home, logger: Logger): Promise<PayloadKeeper> {
  const { replicas, recheckDays } = home.config.payloads;
  const payloads = await openPayloads(home, logger);
  const store = openRegistryStore(home.dataFolder, { readOnly: true });
  const register = openPayloadRegister(registerPathOf(home));
  const keeper = startKeeper({
    ...{ store, register, payloads, replicas, logger },
    payloadFolder: home.payloadFolder,
    recheckMs: recheckDays * DAY_MS,
    openReader: () => openReader(home, payloads),
    clock: Date.now,
  });
  return {
    close: async () => {
      await keeper.close();
      await register.close();
      await store.close();
      payloads.close();
    },
  };
}
