import { lockHome } from "@cityroot/node/home/home-lock";
import { type HostPort, printHostPort } from "@cityroot/node/home/host-port";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { findFreePort } from "./find-free-port.ts";

/** Refuses a home that another process has, and then an address that cannot be listened on: each by its own name. */
export async function checkListen(
  { say }: Pick<Context, "say">,
  home: string,
  listen: HostPort,
  field: "--listen" | "--dns" = "--listen",
): Promise<void> {
  const { host, port } = listen;
  let reason: string;
  try {
    if (port === 0 || (await findFreePort(host, port)) === port) return;
    reason = say("error.listenTaken.reason");
  } catch (error) {
    reason = (error as Error).message;
  }
  lockHome(home)();
  const address = printHostPort(listen);
  throw new CommandFailure({
    code: "ADDRESS_UNAVAILABLE",
    exit: "conflict",
    detail: say("error.listenTaken", { address, reason }),
    field,
    expected: say("error.listenTaken.expected"),
    got: address,
    fix: say("error.listenTaken.fix", { option: field }),
  });
}
