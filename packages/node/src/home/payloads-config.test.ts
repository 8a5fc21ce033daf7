import { expect, test } from "vitest";
import { ConfigError } from "./config-field.ts";
import { parsePayloads } from "./payloads-config.ts";

const S3 = { endpoint: "https://s3.example.cn", bucket: "cityroot" };

test("what is not said of payloads is filled in", () => {
  expect(parsePayloads({})).toEqual({ replicas: [], recheckDays: 7, reserveBytes: 1_073_741_824, s3: null });
  expect(parsePayloads({ replicas: ["https://node-2.example.cn/"], s3: S3 })).toEqual({
    replicas: ["https://node-2.example.cn"],
    recheckDays: 7,
    reserveBytes: 1_073_741_824,
    s3: {
      ...S3,
      region: "us-east-1",
      prefix: "",
      pathStyle: true,
      credentialsFile: null,
      cacheBytes: 10_737_418_240,
    },
  });
});

test("a configuration of payloads that cannot be used is refused by the name of its key", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [7, "config.payloads: expected an object, got 7"],
    [
      { peers: [] },
      "config.payloads.peers: expected one of replicas, recheckDays, reserveBytes, s3, got an unknown key",
    ],
    [{ replicas: "https://a" }, "config.payloads.replicas: expected a list of at most 64 addresses"],
    [{ replicas: ["node-2"] }, "config.payloads.replicas[0]: expected an address such as https"],
    [{ replicas: ["https://user@node-2"] }, "config.payloads.replicas[0]: expected an address"],
    [{ recheckDays: -1 }, "config.payloads.recheckDays: expected a whole number from 0 to 3650, got -1"],
    [{ reserveBytes: "1 GB" }, "config.payloads.reserveBytes: expected a whole number from 0 to"],
    [{ s3: {} }, "config.payloads.s3.endpoint: expected an address such as https://s3.example.cn"],
    [{ s3: { ...S3, bucket: "A" } }, "config.payloads.s3.bucket: expected 3 to 63 small letters"],
    [{ s3: { ...S3, region: "" } }, "config.payloads.s3.region: expected the region's name"],
    [{ s3: { ...S3, prefix: "a" } }, "config.payloads.s3.prefix: expected nothing, or names that each end"],
    [{ s3: { ...S3, pathStyle: 1 } }, "config.payloads.s3.pathStyle: expected true or false, got 1"],
    [
      { s3: { ...S3, credentialsFile: "" } },
      "config.payloads.s3.credentialsFile: expected the path of a file",
    ],
    [
      { s3: { ...S3, cacheBytes: 1 } },
      "config.payloads.s3.cacheBytes: expected a whole number from 67108864",
    ],
    [{ s3: { ...S3, secretAccessKey: "x" } }, "config.payloads.s3.secretAccessKey: expected one of endpoint"],
  ];
  for (const [value, message] of cases) {
    expect(() => parsePayloads(value), message).toThrow(ConfigError);
    expect(() => parsePayloads(value), message).toThrow(message);
  }
});
