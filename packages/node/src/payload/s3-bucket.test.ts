import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openS3Bucket } from "./s3-bucket.ts";
import { S3_SERVER_MISSING, type S3Server, startS3Server, WHY_NO_S3 } from "./s3-server.testing.ts";

describe.skipIf(S3_SERVER_MISSING)(`a bucket of a real S3 server${WHY_NO_S3}`, () => {
  let server: S3Server;
  let folder = "";
  beforeAll(async () => {
    server = await startS3Server();
    folder = mkdtempSync(`${tmpdir()}/cityroot-bucket-`);
  }, 30_000);
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  function fileOf(bytes: Uint8Array): { file: string; digest: string } {
    const file = `${folder}/file`;
    writeFileSync(file, bytes);
    return { file, digest: createHash("sha256").update(bytes).digest("hex") };
  }

  test("gives back what was put, and says what is not there", async () => {
    const bucket = openS3Bucket(server.place("a/"));
    const bytes = randomBytes(300_000);
    const { file, digest } = fileOf(bytes);
    expect(await bucket.get("one")).toBeUndefined();
    expect(await bucket.sizeOf("one")).toBeUndefined();
    await bucket.put("one", file, digest);
    expect(await bucket.sizeOf("one")).toBe(bytes.length);
    const read = await bucket.get("one");
    expect(read?.sizeBytes).toBe(bytes.length);
    expect((await buffer(read!.bytes)).equals(bytes)).toBe(true);
    expect(server.objects("a")).toEqual(["one"]);
  });

  test("takes a long file in parts", async () => {
    const partBytes = 5 * 1_048_576;
    const bucket = openS3Bucket(server.place("b/"), partBytes);
    const bytes = randomBytes(2 * partBytes + 77);
    const { file, digest } = fileOf(bytes);
    await bucket.put("long", file, digest);
    expect(readFileSync(server.fileOf("b/long")).equals(bytes)).toBe(true);
    expect((await buffer((await bucket.get("long"))!.bytes)).equals(bytes)).toBe(true);
  });

  test("does not take a file for another", async () => {
    const bucket = openS3Bucket(server.place("c/"));
    const { file } = fileOf(randomBytes(1_000));
    const other = "0".repeat(64);
    await expect(bucket.put("one", file, other)).rejects.toThrow("the bucket answered 400");
    expect(server.objects("c")).toEqual([]);
  });

  test("refuses whoever has another key, and says so", async () => {
    const wrong = {
      ...server.place("d/"),
      credentials: () => ({ accessKeyId: "tests", secretAccessKey: "x" }),
    };
    const { file, digest } = fileOf(randomBytes(10));
    const put = openS3Bucket(wrong).put("one", file, digest);
    await expect(put).rejects.toThrow("the bucket answered 403 SignatureDoesNotMatch for one");
  });

  test("that nobody serves is told as that", async () => {
    const nowhere = openS3Bucket({ ...server.place(""), endpoint: "http://127.0.0.1:1" });
    await expect(nowhere.get("one")).rejects.toThrow("http://127.0.0.1:1 does not answer: ");
  });
});
