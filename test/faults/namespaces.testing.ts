import { spawnSync } from "node:child_process";
import { isRunning } from "./processes.testing.ts";

const SUBNET = "10.213.77";
const NAME = /^cityroot-(\d+)-\w+/;

/** Why networks cannot be made here, or null: one that is cut in two can be had no other way. */
export const NAMESPACES_REFUSAL: string | null = tryNamespaces();

if (NAMESPACES_REFUSAL !== null) console.warn(`Networks that are cut are not tried: ${NAMESPACES_REFUSAL}.`);

/** Machines, as their processes see them, at one switch. */
export type TestSwitch = {
  readonly machines: readonly { readonly namespace: string; readonly address: string }[];
  /** Lets nothing through between some machines, by their numbers, and all others. */
  readonly cut: (some: readonly number[]) => void;
  /** Lets everything through again. */
  readonly heal: () => void;
  readonly remove: () => void;
};

/** Makes so many network namespaces of their own, each with one interface, at a bridge that lies in one more. */
export function makeSwitch(count: number): TestSwitch {
  const nameOf = (what: string | number): string => `cityroot-${process.pid}-${what}`;
  const hub = nameOf("hub");
  const machines = Array.from({ length: count }, (_, at) => ({
    namespace: nameOf(at),
    address: `${SUBNET}.${at + 1}`,
  }));
  const inHub = (...command: readonly string[]): void => run("ip", "netns", "exec", hub, ...command);
  const remove = (): void => removeNamespaces((pid) => pid === process.pid);
  try {
    run("ip", "netns", "add", hub);
    inHub("ip", "link", "add", "bridge", "type", "bridge");
    inHub("ip", "link", "set", "bridge", "up");
    inHub("nft", "add", "table", "bridge", "cut");
    inHub("nft", "add", "chain", "bridge", "cut", "forward", "{ type filter hook forward priority 0; }");
    for (const [at, { namespace, address }] of machines.entries()) {
      run("ip", "netns", "add", namespace);
      const [port, peer] = [`port${at}`, ["peer", "name", "eth0", "netns", namespace]];
      run("ip", "link", "add", port, "netns", hub, "type", "veth", ...peer);
      inHub("ip", "link", "set", port, "master", "bridge", "up");
      run("ip", "-n", namespace, "addr", "add", `${address}/24`, "dev", "eth0");
      for (const link of ["eth0", "lo"]) run("ip", "-n", namespace, "link", "set", link, "up");
    }
  } catch (cause) {
    remove();
    throw cause;
  }
  return {
    machines,
    cut: (some) => {
      const ports = `{ ${some.map((at) => `port${at}`).join(", ")} }`;
      const [to, from] = [`iifname != ${ports} oifname ${ports}`, `iifname ${ports} oifname != ${ports}`];
      for (const way of [to, from]) inHub("nft", "add", "rule", "bridge", "cut", "forward", `${way} drop`);
    },
    heal: () => inHub("nft", "flush", "chain", "bridge", "cut", "forward"),
    remove,
  };
}

function tryNamespaces(): string | null {
  if (process.platform !== "linux") return "network namespaces are Linux's";
  if (process.getuid?.() !== 0) return "only root may make network namespaces";
  try {
    // Those of a run that was killed.
    removeNamespaces((pid) => !isRunning(pid));
    makeSwitch(1).remove();
    return null;
  } catch (cause) {
    return (cause as Error).message;
  }
}

function removeNamespaces(isMeant: (pid: number) => boolean): void {
  const { stdout } = spawnSync("ip", ["netns", "list"], { encoding: "utf8" });
  for (const line of (stdout ?? "").split("\n")) {
    const [name, pid] = NAME.exec(line) ?? [];
    if (name !== undefined && isMeant(Number(pid))) run("ip", "netns", "del", name);
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}`);
}
