import { openCity, startServer } from "@cityroot/node/api/city.testing";
import { createClient } from "@cityroot/sdk/client";
import { fetchPolicy } from "@cityroot/sdk/fetch-policy";
import { identify } from "@cityroot/sdk/identify";
import { expect, test } from "vitest";

/** Goal: the client's question reaches a real server with every character that a value may have, and its answer comes back. */
test("the client asks a server what a text is", async () => {
  const { base, close } = await startServer((await openCity()).registry);
  const client = createClient({ url: base, policy: await fetchPolicy({ url: base }) });
  const found = async (value: string) =>
    (await identify(client, value)).fits.find(({ system }) => system === "uscc");
  expect(await found("\u3000\uff191350100M000100Y43&lang=zh#")).toBeUndefined();
  expect(await found("\u3000\uff191350100M000100Y43")).toMatchObject({
    ...{ canonical: "91350100M000100Y43", mended: ["space", "full-width"] },
  });
  await expect(identify(client, "11010519491231002X")).rejects.toMatchObject({
    rejection: "PERSONAL_NUMBER",
  });
  await close();
});
