import { bytesToHex } from "@cityroot/core/hex";
import type { Logger } from "pino";
import type { Home } from "./home/home.ts";
import { type FolderPayloadOptions, openFolderPayloadStore } from "./payload/folder-payload-store.ts";
import type { PayloadDamage, PayloadStore } from "./payload/payload-store.ts";
import { noteSuspect } from "./payload/suspects.ts";

/**
 * Opens the payloads of a home, where its configuration says that they are. Damage is told in the log, and to the process
 * that mends payloads; so is what is missing, to the latter alone.
 */
export async function openPayloads(home: Home, logger: Logger): Promise<PayloadStore> {
  const suspect = (digest: Uint8Array): void => noteSuspect(home.payloadFolder, digest);
  const onDamaged = ({ digest, detail }: PayloadDamage): void => {
    suspect(digest);
    const name = bytesToHex(digest);
    logger.error({ digest: name, detail }, "a payload is damaged and proves nothing until it is mended");
  };
  return openPayloadsOf(home, { onDamaged, onMissing: suspect });
}

/** Opens the payloads of a home, with what is told of damage, and of what an answer should have come from. */
export async function openPayloadsOf(
  home: Home,
  { onDamaged = () => {}, onMissing = () => {} }: Pick<FolderPayloadOptions, "onDamaged" | "onMissing"> = {},
): Promise<PayloadStore> {
  const { s3, reserveBytes } = home.config.payloads;
  const folder = home.payloadFolder;
  if (s3 === null) return openFolderPayloadStore(folder, { onDamaged, onMissing, reserveBytes });
  // A node with a folder does not wait until these are loaded.
  const { openS3Bucket } = await import("./payload/s3-bucket.ts");
  const { s3Credentials } = await import("./payload/s3-credentials.ts");
  const { openS3PayloadStore } = await import("./payload/s3-payload-store.ts");
  const credentials = s3Credentials(s3.credentialsFile);
  // What is wrong with them is said at the start, and not with the first payload.
  credentials();
  const bucket = openS3Bucket({ ...s3, credentials });
  return openS3PayloadStore({ bucket, folder, cacheBytes: s3.cacheBytes, reserveBytes, onDamaged });
}
