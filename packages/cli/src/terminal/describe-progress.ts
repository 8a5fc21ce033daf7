import type { Language } from "../text/language.ts";
import type { Say } from "../text/say.ts";
import { durationText, type ProgressState } from "./progress-bar.ts";

/** Says how far something is, in the user's language. */
export function describeProgress(say: Say, language: Language): (state: ProgressState) => string {
  const format = new Intl.NumberFormat(language);
  return ({ done, refused, total, rate, leftMs }) => {
    const parts = [
      total === undefined
        ? format.format(done)
        : say("progress.of", { done: format.format(done), total: format.format(total) }),
    ];
    // Of what takes seconds each, a rate says nothing.
    if (Math.round(rate) > 0) parts.push(say("progress.rate", { rate: format.format(Math.round(rate)) }));
    if (leftMs !== undefined && done < (total ?? 0)) {
      parts.push(say("progress.left", { time: durationText(leftMs) }));
    }
    if (refused > 0) parts.push(say("progress.refused", { count: format.format(refused) }));
    return parts.join(" · ");
  };
}
