// Takes what CometBFT sends as soon as it is sent, whatever the engine is busy with, and passes it on.
import { connect, createServer, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import type { RelayParts } from "./relay.ts";

const { from, to, waitingBytesMax } = workerData as RelayParts;

// One side may have sent all it has to say and still be told something.
const server = createServer({ allowHalfOpen: true }, (front) => {
  const back = connect({ path: to, allowHalfOpen: true });
  // What the engine has not read yet waits in this process.
  front.on("data", (chunk) => {
    back.write(chunk);
    if (back.writableLength > waitingBytesMax) front.pause();
  });
  back.on("drain", () => front.resume());
  back.pipe(front);
  closeTogether(front, back);
  closeTogether(back, front);
});
server.listen(from, () => parentPort!.postMessage("listening"));

/** What one side sent before it ended still reaches the other. */
function closeTogether(one: Socket, other: Socket): void {
  one.on("end", () => other.end());
  one.on("error", () => one.destroy());
  one.on("close", () => other.destroySoon());
}
