import { browser } from "./dom.ts";

/** What this browser has seen of the registry: whose keys, and up to which block. */
export type Seen = { readonly logKeys: readonly string[]; readonly height: number };

const NAME = "cityroot.seen";

/** What was seen at earlier visits; undefined at the first one, or where nothing may be kept. */
export function recallSeen(): Seen | undefined {
  try {
    const seen: unknown = JSON.parse(browser.localStorage.getItem(NAME) ?? "null");
    if (typeof seen !== "object" || seen === null) return undefined;
    const { logKeys, height } = seen as Partial<Seen>;
    return Array.isArray(logKeys) && Number.isSafeInteger(height) ? { logKeys, height: height! } : undefined;
  } catch {
    return undefined; // Storage can be shut off, or hold what someone else wrote.
  }
}

/** Remembers what was proven at this visit. */
export function rememberSeen(seen: Seen): void {
  try {
    browser.localStorage.setItem(NAME, JSON.stringify(seen));
  } catch {
    // Without storage every visit is the first.
  }
}
