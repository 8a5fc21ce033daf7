// A process that writes one snapshot: started with the folders of the store and of the snapshots, told the height on
// standard input. It says so on standard output when it has its view of the store, and ends when the snapshot is there.
import { writeSync } from "node:fs";
import { setPriority } from "node:os";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openRegistryStore } from "../store/registry-store.ts";
import { writeSnapshot } from "./write-snapshot.ts";

/** It gives way to those that decide and answer. */
const PRIORITY = 10;
/** Until when it has to be told the height, in milliseconds: a quiet network may not come to it for days. */
const WAIT_MS_MAX = 60_000;

const [dataFolder, folder] = process.argv.slice(2) as [string, string];
installNativeFunctions();
setPriority(PRIORITY);
const store = openRegistryStore(dataFolder, { readOnly: true });
const late = setTimeout(() => process.exit(0), WAIT_MS_MAX);

process.stdin.once("data", (text: Buffer) => {
  clearTimeout(late);
  const consensusHeight = Number(text.toString("utf8"));
  // From here to the end nothing is waited for: the view of the store that the first read takes lasts as long.
  const head = store.head();
  if (head === undefined || store.consensusHeight() !== consensusHeight) {
    console.error(`the store stands at ${store.consensusHeight()} by now`);
    process.exit(1);
  }
  writeSync(1, "v");
  writeSnapshot(store, head, folder, consensusHeight);
  process.exit(0);
});
process.stdin.once("end", () => process.exit(0));
// A stop from the keyboard reaches the whole group: the engine's process decides when this one ends.
process.on("SIGINT", () => {});
