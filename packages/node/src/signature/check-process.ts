// A process that checks signatures and does nothing else: requests on standard input, answers on standard output.
import { CHECK_BYTES, frameReader, HEAD_BYTES } from "./frame.ts";
import { verifyNative } from "./native-ed25519.ts";

const read = frameReader(CHECK_BYTES, (number, count, body) => {
  const answer = Buffer.allocUnsafe(HEAD_BYTES + count);
  answer.writeUInt32LE(number, 0);
  answer.writeUInt32LE(count, 4);
  for (let at = 0; at < count; at++) {
    const check = body.subarray(at * CHECK_BYTES, (at + 1) * CHECK_BYTES);
    const isGood = verifyNative(check.subarray(0, 32), check.subarray(96), check.subarray(32, 96));
    answer[HEAD_BYTES + at] = isGood ? 1 : 0;
  }
  process.stdout.write(answer);
});

process.stdin.on("data", read);
process.stdin.on("end", () => process.exit(0));
// A stop from the keyboard reaches the whole group: the engine's process decides when this one ends.
process.on("SIGINT", () => {});
