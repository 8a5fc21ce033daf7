// A process that stores a payload and can end at once, as when the power goes: `folder count step`. It ends itself when
// it asks the system for that step, counted from 1, of all that it does with files. Else it says how many they were.
import { createHook } from "node:async_hooks";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openFolderPayloadStore } from "./folder-payload-store.ts";
import { lamps, makeBatch, streamOf } from "./payload.testing.ts";

const [folder = "", count = "1", lastStep = ""] = process.argv.slice(2);
installNativeFunctions();
const { bytes } = makeBatch(lamps(Number(count)));
const store = openFolderPayloadStore(folder);
let steps = 0;
createHook({
  init: (_, type) => {
    if (type !== "FSREQPROMISE") return;
    steps++;
    if (String(steps) === lastStep) process.kill(process.pid, "SIGKILL");
  },
}).enable();
try {
  const stored = await store.put(streamOf(bytes));
  process.stdout.write(stored.ok ? String(steps) : stored.rejection.detail);
} catch (error) {
  process.stdout.write((error as Error).message);
}
