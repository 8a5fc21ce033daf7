import { readFileSync, writeFileSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import { genesisToJson } from "@cityroot/core/genesis";
import { testHolder } from "@cityroot/core/ledger.testing";
import { expect, test } from "vitest";
import { ConfigError } from "../../home/config-field.ts";
import { openStoredNode, STORED_GENESIS, withTestHome } from "./stored-node.testing.ts";

test("a store is not opened under another genesis than its own", async () => {
  await withTestHome(async (path) => {
    await (await openStoredNode(path)).close();
    const whole = readFileSync(`${path}/genesis.json`);
    const other = genesisToJson({ ...STORED_GENESIS, name: "other" });
    writeFileSync(`${path}/genesis.json`, JSON.stringify(other));
    await expect(openStoredNode(path)).rejects.toThrow(ConfigError);
    await expect(openStoredNode(path)).rejects.toThrow(
      `${path}/genesis.json: the store in ${path}/data began`,
    );
    writeFileSync(`${path}/genesis.json`, whole);
    await (await openStoredNode(path)).close();
  });
});

test("a genesis of many root prefixes makes a first block that a start can follow", async () => {
  await withTestHome(async (path) => {
    const roots = Array.from({ length: 120 }, (_, at) => ({
      prefix: `MA.${101 + at}` as Code,
      holder: testHolder(`Country ${at}`, 1).declaration,
      rule: null,
      class: "country",
      attributes: [],
    }));
    writeFileSync(`${path}/genesis.json`, JSON.stringify(genesisToJson({ ...STORED_GENESIS, roots })));
    await (await openStoredNode(path)).close();
    let pageReads = 0;
    const node = await openStoredNode(path, {
      wrapStore: (store) => ({
        ...store,
        readPage: (page) => {
          pageReads += 1;
          return store.readPage(page);
        },
      }),
    });
    expect(node.store.pageCount(), "pages of the first block").toBeGreaterThan(10);
    expect(pageReads, "pages that a start reads").toBeLessThan(5);
    await node.close();
  });
});
