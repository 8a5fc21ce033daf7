// Joins a network by a snapshot in a process of its own, to be killed meanwhile. Its arguments: the home, and as JSON what
// it joins with.
import { readHome } from "../../home/home.ts";
import { openLogger } from "../../logger.ts";
import { installNativeFunctions } from "../../store/native-functions.ts";
import { type JoinOptions, joinNetwork } from "./join-network.ts";

const [path, options] = process.argv.slice(2) as [string, string];
installNativeFunctions();
await joinNetwork(readHome(path), {
  ...(JSON.parse(options) as Omit<JoinOptions, "logger">),
  logger: openLogger("fatal", {}),
});
