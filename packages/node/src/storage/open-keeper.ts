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

/**
 * Begins to keep the payloads of a home, in this process. The home's store has its first block. Throws where nothing can
 * be written beside the payloads, or there are no credentials for where they live.
 */
export async function openKeeper(home: Home, logger: Logger): Promise<PayloadKeeper> {
  const { replicas, recheckDays } = home.config.payloads;
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const payloads = await openPayloads(home, logger);
    closers.push(payloads.close);
    const store = openRegistryStore(home.dataFolder, { readOnly: true });
    closers.push(store.close);
    const register = openPayloadRegister(registerPathOf(home));
    closers.push(register.close);
    const keeper = startKeeper({
      ...{ store, register, payloads, replicas, logger },
      payloadFolder: home.payloadFolder,
      recheckMs: recheckDays * DAY_MS,
      openReader: () => openReader(home, payloads),
      clock: Date.now,
    });
    closers.push(keeper.close);
    return { close };
  } catch (cause) {
    await close();
    throw cause;
  }
}
