import type { Code } from "@cityroot/codes/ma/code";
import type { PageAssets } from "../page/assets.ts";
import { renderCodePage } from "../page/code-page.ts";
import type { Answer } from "./answer.ts";
import type { ApiContext } from "./context.ts";
import { readCodePage } from "./page-data.ts";
import { answerPage, type PageRequest, pageContextOf, questionOf } from "./page-request.ts";
import type { IssuedStanding } from "./read/standing.ts";
import type { View } from "./read/view.ts";

/** What pages are made with. */
export type PageParts = { readonly context: ApiContext; readonly assets: PageAssets };

/** The page of a code that was issued. Retired answers 410. */
export function answerCodePage(
  { context, assets }: PageParts,
  request: PageRequest,
  view: View,
  code: Code,
  standing: IssuedStanding,
): Answer {
  const page = pageContextOf(request, assets, context.reader.network.id, view.head);
  const data = readCodePage(view, code, standing, questionOf(request, code), context.publicUrl);
  const status = standing.record.status === "retired" ? 410 : 200;
  return answerPage(page, assets, renderCodePage(page, data), status, view.head);
}
