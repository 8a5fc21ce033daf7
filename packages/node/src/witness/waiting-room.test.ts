import { expect, test } from "vitest";
import { openWaitingRoom } from "./waiting-room.ts";

test("those who wait go when their height is reached, and together when nobody is to wait any more", async () => {
  const room = openWaitingRoom();
  const gone: string[] = [];
  const wait = async (name: string, height: number, timeoutMs = 60_000): Promise<void> => {
    await room.wait(height, timeoutMs);
    gone.push(name);
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  room.reach(3);
  await wait("reached before", 3);
  const [four, six, more] = [wait("four", 4), wait("six", 6), wait("more", 9)];
  room.reach(5);
  await four;
  room.reach(4);
  await turn();
  expect(gone, "a lower height changes nothing").toEqual(["reached before", "four"]);
  room.reach(7);
  await six;
  await wait("in vain", 8, 5);
  await wait("nobody waits after that", 8);
  room.reach(8);
  const again = wait("until a height was reached", 10);
  room.close();
  await Promise.all([again, more]);
  await wait("closed", 20);
  expect(gone).toEqual([
    ...["reached before", "four", "six", "in vain", "nobody waits after that"],
    ...["more", "until a height was reached", "closed"],
  ]);
});

test("a wait of no length is none", async () => {
  await openWaitingRoom().wait(1, 0);
});
