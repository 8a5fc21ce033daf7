import { expect, test } from "vitest";
import { sendTogether } from "./send-together.ts";

test("what is ready in one turn is sent after it, in order, and what comes meanwhile with the next", async () => {
  const send = sendTogether();
  const sent: string[] = [];
  send(() => {
    sent.push("first");
    send(() => sent.push("later"));
  });
  send(() => sent.push("second"));
  expect(sent).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent.slice(0, 2)).toEqual(["first", "second"]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toEqual(["first", "second", "later"]);
});
