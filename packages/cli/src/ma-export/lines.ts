import { type Encoding, readText } from "../import/text-encoding.ts";
import { LINE_CHARACTERS_MAX } from "./code-line.ts";

/** A line of a list; `text` is undefined where it is longer than any. Lines count from 1. */
export type Line = { readonly number: number; readonly text: string | undefined };

/** The lines of a file however they end (CR LF, LF, CR), of which only the one that is read is held. */
export async function* readLines(path: string, encoding: Encoding): AsyncGenerator<readonly Line[]> {
  let number = 0;
  let rest = "";
  let isTooLong = false;
  let endedWithReturn = false;
  for await (const piece of readText(path, encoding)) {
    const lines: Line[] = [];
    const text = endedWithReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
    if (piece !== "") endedWithReturn = piece.endsWith("\r");
    const parts = text.split(/\r\n|\n|\r/);
    for (let at = 0; at < parts.length; at++) {
      if (!isTooLong) rest += parts[at]!;
      if (rest.length > LINE_CHARACTERS_MAX) {
        isTooLong = true;
        rest = "";
      }
      if (at === parts.length - 1) break;
      number += 1;
      lines.push({ number, text: isTooLong ? undefined : rest });
      rest = "";
      isTooLong = false;
    }
    yield lines;
  }
  if (rest !== "" || isTooLong) yield [{ number: number + 1, text: isTooLong ? undefined : rest }];
}
