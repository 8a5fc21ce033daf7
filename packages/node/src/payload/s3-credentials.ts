import { readFileSync, statSync } from "node:fs";
import type { S3Credentials } from "./s3-bucket.ts";

/** Thrown where there are no credentials, or none that may be used: the message says what to do. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

const NAMES = {
  accessKeyId: ["AWS_ACCESS_KEY_ID", "aws_access_key_id"],
  secretAccessKey: ["AWS_SECRET_ACCESS_KEY", "aws_secret_access_key"],
  sessionToken: ["AWS_SESSION_TOKEN", "aws_session_token"],
} as const;

/**
 * Where credentials come from: a file as Amazon's tools read it, of which the part `[default]` counts, or the
 * environment. The file is read again when it changed, so that keys can be replaced while a node runs.
 */
export function s3Credentials(
  file: string | null,
  env: { readonly [name: string]: string | undefined } = process.env,
): () => S3Credentials {
  if (file === null) {
    return () => {
      const [id, secret] = [NAMES.accessKeyId[0], NAMES.secretAccessKey[0]];
      const where = `the environment has no ${id} or no ${secret}`;
      return demand({
        read: (names) => env[names[0]],
        where: `${where}: set both, or name a credentialsFile`,
      });
    };
  }
  let known: { readonly changedMs: number; readonly credentials: S3Credentials } | undefined;
  return () => {
    const { mtimeMs, mode } = statSync(file);
    if (known?.changedMs === mtimeMs) return known.credentials;
    // A secret that everyone on the machine can read is none.
    if (process.platform !== "win32" && (mode & 0o007) !== 0)
      throw new CredentialsError(`${file} is open to every user of this machine: chmod 600 ${file}`);
    const values = defaultPart(readFileSync(file, "utf8"));
    const [id, secret] = [NAMES.accessKeyId[1], NAMES.secretAccessKey[1]];
    const where = `${file}: expected ${id} and ${secret} below [default], got none`;
    const credentials = demand({ read: (names) => values.get(names[1]), where });
    known = { changedMs: mtimeMs, credentials };
    return credentials;
  };
}

type Source = {
  readonly read: (names: readonly [string, string]) => string | undefined;
  /** What to say where something is missing. */
  readonly where: string;
};

function demand({ read, where }: Source): S3Credentials {
  const accessKeyId = read(NAMES.accessKeyId);
  const secretAccessKey = read(NAMES.secretAccessKey);
  const sessionToken = read(NAMES.sessionToken);
  if (!accessKeyId || !secretAccessKey) throw new CredentialsError(where);
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

function defaultPart(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let isDefault = false;
  for (const line of text.split(/\r?\n/)) {
    const part = /^\s*\[([^\]]*)\]\s*$/.exec(line)?.[1];
    if (part !== undefined) isDefault = part.trim() === "default";
    const pair = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (isDefault && pair !== null) values.set(pair[1]!, pair[2]!);
  }
  return values;
}
