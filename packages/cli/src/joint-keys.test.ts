// Goal: several organisations that sign for one prefix change who they are, and each goes on with the key that it has.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeySetJson } from "@cityroot/sdk/key-set";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallResult, callCli } from "./call-cli.testing.ts";
import { EXIT } from "./exit-code.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";

let registry: RunningRegistry;
let other: (...argv: readonly string[]) => Promise<CallResult>;
beforeAll(async () => {
  registry = await startRegistry();
  const folder = join(registry.folder, "other");
  mkdirSync(folder);
  const url = readFileSync(join(registry.home, "address"), "utf8").trim();
  const where = [
    "--url",
    url,
    "--policy",
    join(registry.home, "policy.json"),
    "--home",
    join(folder, "home"),
  ];
  mkdirSync(join(folder, "home"));
  other = (...argv) => callCli([...argv, ...where, "--json"], { folder });
}, 60_000);
afterAll(() => registry.close());

const ok = (result: CallResult): Record<string, never> => {
  expect(result.exit, result.err).toBe(EXIT.ok);
  return result.json()[0] as never;
};
const holderOf = () =>
  JSON.parse(readFileSync(join(registry.home, "holders", "MA.156.json"), "utf8")) as {
    readonly keys: readonly string[];
    readonly keySet: KeySetJson;
  };
const own = (...argv: readonly string[]) => registry.call([...argv, "--json"]);

test("an organisation joins those who sign, by the key that it drew, and all go on with theirs", async () => {
  const [secret] = holderOf().keys;
  const { code } = (await other("prefix", "keys", "update", "MA.156")).problem();
  expect(code, "nothing of this organisation decides yet").toBe("KEY_MISSING");
  ok(await other("prefix", "keys", "generate", "guest", "--name", "en=Guest"));
  ok(await other("prefix", "keys", "show", "guest", "--public", "guest-public.json"));
  const guest = JSON.parse(readFileSync(join(registry.folder, "other", "guest-public.json"), "utf8"));
  const keys = [...holderOf().keySet.keys, ...guest.keySet.keys].sort();
  const both = { needed: 2, keys: [0, 1] };
  const joint = { ...guest, keySet: { keys, root: both, registrar: both, records: both, recovery: null } };
  writeFileSync(join(registry.folder, "keys.json"), JSON.stringify(joint));
  ok(await own("prefix", "keys", "rotate", "MA.156", "--to", "keys.json", "--yes"));
  expect(holderOf()).toMatchObject({ keys: [secret], keySet: { keys } });

  const file = join(registry.folder, "issue.json");
  const code1 = "MA.156.1/60.10000000.1/000001";
  ok(await own("code", "issue", code1, "--class", "hydrant", "--sign-only", file));
  const unsigned = await other("code", "issue", "--with", file, "--sign-only", "added.json", "--yes");
  expect(unsigned.problem()["code"], "who has no key of it adds nothing").toBe("KEY_MISSING");
  expect(ok(await other("prefix", "keys", "update", "MA.156"))).toMatchObject({
    isChanged: true,
    keySet: { keys },
  });
  expect(ok(await other("prefix", "keys", "update", "MA.156"))).toMatchObject({ isChanged: false });
  expect(ok(await other("code", "issue", "--with", file, "--yes"))).toMatchObject({ status: "committed" });
});

test("what another one changed comes into the file, and no key is lost", async () => {
  const before = holderOf();
  writeFileSync(
    join(registry.home, "holders", "MA.156.json"),
    JSON.stringify({ ...before, keySet: { ...before.keySet, keys: [...before.keySet.keys].reverse() } }),
  );
  for (const isChanged of [true, false])
    expect(ok(await own("prefix", "keys", "update", "MA.156"))).toMatchObject({ isChanged });
  expect(holderOf()).toEqual(before);
  const aside = readdirSync(join(registry.home, "holders")).filter((name) => name.includes(".old-"));
  expect(aside.length).toBeGreaterThan(1);
});
