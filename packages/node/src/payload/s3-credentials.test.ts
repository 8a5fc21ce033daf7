import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CredentialsError, s3Credentials } from "./s3-credentials.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/cityroot-credentials-`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string, mode = 0o600): string {
  const path = `${folder}/credentials`;
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test("credentials come from the environment where no file is named", () => {
  const env = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };
  expect(s3Credentials(null, env)()).toEqual({ accessKeyId: "id", secretAccessKey: "secret" });
  const token = { ...env, AWS_SESSION_TOKEN: "token" };
  expect(s3Credentials(null, token)()).toMatchObject({ sessionToken: "token" });
  expect(s3Credentials(null, { AWS_ACCESS_KEY_ID: "id" })).toThrow(
    "the environment has no AWS_ACCESS_KEY_ID or no AWS_SECRET_ACCESS_KEY: set both, or name a credentialsFile",
  );
});

test("credentials come from the default part of a file, and anew when it changed", () => {
  const part = (id: string): string => `aws_access_key_id = ${id}\r\naws_secret_access_key=s=1\n`;
  const path = write(`[other]\n${part("wrong")}# a note\n[default]\n${part("id")}[more]\n${part("wrong")}`);
  const read = s3Credentials(path, { AWS_ACCESS_KEY_ID: "not asked" });
  expect(read()).toEqual({ accessKeyId: "id", secretAccessKey: "s=1" });
  write(`[default]\n${part("next")}`);
  utimesSync(path, 1, 1);
  expect(read()).toEqual({ accessKeyId: "next", secretAccessKey: "s=1" });
});

test("a file that is no secret, or holds none, is refused with the way to mend it", () => {
  const open = write("[default]\n", 0o644);
  expect(s3Credentials(open)).toThrow(
    new CredentialsError(`${open} is open to every user of this machine: chmod 600 ${open}`),
  );
  expect(s3Credentials(write("aws_access_key_id=1\naws_secret_access_key=2\n"))).toThrow(
    "expected aws_access_key_id and aws_secret_access_key below [default], got none",
  );
});
