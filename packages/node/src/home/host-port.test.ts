import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHostPort, printHostPort } from "./host-port.ts";

test("what was printed is read", () => {
  const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65_535 }), (one, port) => {
      expect(parseHostPort(printHostPort({ host: one, port }))).toEqual({ host: one, port });
    }),
  );
});

test.each([
  ["", "a:", ":1", "a:0", "a:65536", "a:01", "a b:1", "a,b:1", "a/b:1", "a@b:1", "a"],
  ["2001:db8::1:26656", "[2001:db8::1]", "[2001:db8::1]:0", "[2001:db8::x]:1", "[::1%lo]:1"],
  ["[node.example]:1", "[10.0.0.1]:1", "[::1]:1]", "[[::1]]:1"],
])("%s and the like are none", (...texts) => {
  for (const text of texts) expect(parseHostPort(text), text).toBeUndefined();
});
