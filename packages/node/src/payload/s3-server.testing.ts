import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { S3Place } from "./s3-bucket.ts";

/** The version of versitygw that `test/s3-server` pins. */
export const S3_SERVER_VERSION = "1.8.0";

/** Where `npm run build:s3-server` puts what it builds. */
export const BUILT_S3_SERVER: string = fileURLToPath(
  new URL(`../../../../node_modules/.cache/cityroot/s3-server-${S3_SERVER_VERSION}`, import.meta.url),
);

// Where others rely on the tests, a server that is missing is a failure.
export const S3_SERVER_MISSING: boolean = !existsSync(BUILT_S3_SERVER) && process.env["CI"] === undefined;
export const WHY_NO_S3: string = S3_SERVER_MISSING
  ? ' (not tried: the S3 server is not built, "npm run build:s3-server" does that)'
  : "";

const BUCKET = "payloads";
const CREDENTIALS = { accessKeyId: "tests", secretAccessKey: "a key of tests" };
const START_TIMEOUT_MS = 20_000;

/** A real S3-compatible server on this machine, which keeps its objects in a folder. */
export type S3Server = {
  /** Its one bucket, below a prefix. */
  readonly place: (prefix: string) => S3Place;
  /** Names of the objects below a prefix, in order. */
  readonly objects: (prefix: string) => readonly string[];
  /** The file in which an object is kept. */
  readonly fileOf: (name: string) => string;
  /** Ends the server; what it keeps stays. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Starts a server with one empty bucket. */
export async function startS3Server(): Promise<S3Server> {
  const folder = mkdtempSync(`${tmpdir()}/cityroot-s3-`);
  const bucket = `${folder}/buckets/${BUCKET}`;
  mkdirSync(bucket, { recursive: true });
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(BUILT_S3_SERVER, [`127.0.0.1:${port}`, folder], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      },
    });
    await answers(port);
  };
  const stop = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once("exit", resolve));
    ending.kill("SIGKILL");
    await ended;
  };
  await start();
  return {
    place: (prefix) => ({
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      region: "us-east-1",
      prefix,
      pathStyle: true,
      credentials: () => CREDENTIALS,
    }),
    objects: (prefix) => {
      if (!existsSync(`${bucket}/${prefix}`)) return [];
      return readdirSync(`${bucket}/${prefix}`, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort();
    },
    fileOf: (name) => `${bucket}/${name}`,
    stop,
    start,
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<void> {
  const untilMs = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch (cause) {
      if (performance.now() > untilMs) throw new Error("the S3 server did not start", { cause });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
