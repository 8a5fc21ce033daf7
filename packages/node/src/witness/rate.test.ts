import { expect, test } from "vitest";
import { openRate, rateKeyOf } from "./rate.ts";

test("lets so many pass in a second, and twice as many at once", () => {
  let nowMs = 0;
  const rate = openRate({ perSecond: 2, keysMax: 10, now: () => nowMs });
  const taken = (): number => Array.from({ length: 10 }, () => rate.take("a")).filter(Boolean).length;
  expect(taken()).toBe(4);
  expect(taken()).toBe(0);
  nowMs += 1_000;
  expect(taken()).toBe(2);
  nowMs += 60_000;
  expect(taken()).toBe(4);
  expect(rate.take("b"), "another has a rate of its own").toBe(true);
});

test("remembers so many, and forgets the one that came longest ago", () => {
  const rate = openRate({ perSecond: 1, keysMax: 2, now: () => 0 });
  const use = (key: string): boolean => [rate.take(key), rate.take(key), rate.take(key)][2]!;
  expect([use("a"), use("b")]).toEqual([false, false]);
  rate.take("a");
  rate.take("c");
  expect(rate.take("a")).toBe(false);
  expect(rate.take("b")).toBe(true);
});

test("an IPv6 network counts as one address", () => {
  expect(rateKeyOf("192.0.2.1")).toBe("192.0.2.1");
  expect(rateKeyOf("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(rateKeyOf("2001:db8:0:1:2:3:4:5")).toBe("2001:db8:0:1");
  expect(rateKeyOf("2001:db8::5")).toBe("2001:db8:0:0");
  expect(rateKeyOf("fe80::1%eth0")).toBe("fe80:0:0:0");
  expect(rateKeyOf("::1")).toBe("0:0:0:0");
});
