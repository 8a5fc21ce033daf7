import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { bytesToHex } from "@cityroot/core/hex";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openFolderPayloadStore } from "./folder-payload-store.ts";
import { filesIn, lamps, makeBatch, streamOf } from "./payload.testing.ts";
import { openArrival, pathsOf, removeLeftovers } from "./payload-folder.ts";

installNativeFunctions();

const WRITER = fileURLToPath(new URL("./put-payload.testing.ts", import.meta.url));
const COUNT = 3_000;
/** Processes that store at the same time. */
const AT_ONCE = 4;
const { bytes, digest } = makeBatch(lamps(COUNT));
const NAME = bytesToHex(digest);

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/cityroot-payload-`);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Stores the payload in another process, which ends itself at a step of what it does with files. */
async function putElsewhere(into: string, step: number | "never"): Promise<string> {
  const args = ["--conditions=source", WRITER, into, String(COUNT), String(step)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  await new Promise((resolve) => child.on("close", resolve));
  return out;
}

describe("a store whose writer ended at once", () => {
  test("has the payload as a whole or not at all, and nothing else", async () => {
    const steps = Number(await putElsewhere(`${folder}/whole`, "never"));
    const ends = Array.from({ length: steps }, (_, at) => at + 1);
    const stored: number[] = [];
    const endAt = async (step: number) => {
      const into = `${folder}/${step}`;
      await putElsewhere(into, step);
      const store = openFolderPayloadStore(into);
      const isStored = store.find(digest) !== undefined;
      if (isStored) stored.push(step);
      const why = `ended at step ${step} of ${steps}`;
      expect(filesIn(into), why).toEqual(isStored ? [`${NAME}.index`, `${NAME}.items`] : []);
      expect((await store.verifyPayload(digest)).kind, why).toBe(isStored ? "whole" : "missing");
      expect((await store.put(streamOf(bytes))).ok, why).toBe(true);
      expect((await store.verifyPayload(digest)).kind, why).toBe("whole");
    };
    while (ends.length > 0) await Promise.all(ends.splice(0, AT_ONCE).map(endAt));
    expect(steps).toBeGreaterThan(15);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.length).toBeLessThan(steps / 2);
  }, 120_000);

  test("takes back an index that came to its place without its items", async () => {
    const arrival = await openArrival(folder);
    const paths = pathsOf(folder, NAME);
    mkdirSync(paths.index.slice(0, paths.index.lastIndexOf("/")));
    writeFileSync(paths.index, "");
    const gone = "999999999.1.0.0";
    writeFileSync(`${folder}/incoming/${gone}.${NAME}.part`, "");
    removeLeftovers(folder);
    expect(filesIn(folder)).toEqual([]);
    await arrival.clear();
  });

  test("leaves the index of a payload that is stored, and what others are writing", async () => {
    const store = openFolderPayloadStore(folder);
    expect((await store.put(streamOf(bytes))).ok).toBe(true);
    const arrival = await openArrival(folder);
    writeFileSync(arrival.items, "");
    const gone = `999999999.1.0.0.${NAME}.part`;
    const foreign = "notes.txt";
    const reused = `${process.pid}.1.0.0.items.part`;
    for (const file of [gone, foreign, reused]) writeFileSync(`${folder}/incoming/${file}`, "");
    removeLeftovers(folder);
    const written = arrival.items.slice(arrival.items.lastIndexOf("/") + 1);
    expect(filesIn(folder)).toEqual([written, `${NAME}.index`, `${NAME}.items`, foreign].sort());
    await arrival.clear();
    expect(filesIn(folder)).toEqual([`${NAME}.index`, `${NAME}.items`, foreign].sort());
  });
});

// A limit on the length of files stands for a full disk: both are errors of the write that does not fit.
test.skipIf(process.platform === "win32")(
  "a payload that does not fit is not kept, and the error says why",
  () => {
    const command = `ulimit -f 256 && exec "$0" "$@"`;
    const args = [
      "-c",
      command,
      process.execPath,
      "--conditions=source",
      WRITER,
      folder,
      String(COUNT),
      "never",
    ];
    const { stdout } = spawnSync("sh", args, { encoding: "utf8" });
    expect(stdout).toBe("the payload could not be stored: EFBIG: file too large, write");
    expect(filesIn(folder)).toEqual([]);
  },
);
