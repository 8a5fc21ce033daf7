import { bytesToHex } from "@cityroot/core/hex";
import type { Logger } from "pino";
import type { Home } from "./home/home.ts";
import { openFolderPayloadStore } from "./payload/folder-payload-store.ts";
import type { PayloadStore } from "./payload/payload-store.ts";

/** Opens the payloads of a home; damage is told in the log. */
export function openPayloads(home: Home, logger: Logger): PayloadStore {
  return openFolderPayloadStore(home.payloadFolder, {
    onDamaged: ({ digest, detail }) =>
      logger.error(
        { digest: bytesToHex(digest), detail },
        "a payload is damaged and proves nothing any more",
      ),
  });
}
