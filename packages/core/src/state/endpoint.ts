import { findUriFault, type UriFault } from "../attribute/https-uri.ts";
import { ENDPOINT_CHARACTERS_MAX } from "../limits.ts";

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1)(?=[:/]|$)/;

/**
 * What is wrong with a text as the address of a network's server; undefined when nothing is. It is an https URI as links
 * have it, of at most {@link ENDPOINT_CHARACTERS_MAX} characters, without query and fragment, so that paths can be put
 * after it; or one of plain http to `localhost` or `127.0.0.1`, for networks that are tried out on one machine. Nothing is
 * said of what a host resolves to: whether to go there is for each client to decide. Spec §6.10.3.
 */
export function findEndpointFault(text: string): UriFault | undefined {
  if (text.length > ENDPOINT_CHARACTERS_MAX) {
    return { at: ENDPOINT_CHARACTERS_MAX, expected: `at most ${ENDPOINT_CHARACTERS_MAX} characters` };
  }
  const tail = text.search(/[?#]/);
  if (tail >= 0) return { at: tail, expected: "an address without query and fragment" };
  return findUriFault(LOOPBACK.test(text) ? `https${text.slice("http".length)}` : text);
}
