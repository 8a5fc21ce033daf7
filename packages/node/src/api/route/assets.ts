import Type from "typebox";
import type { Asset, PageAssets } from "../../page/assets.ts";
import { answerProblem } from "../answer.ts";
import type { ApiRoute } from "../context.ts";
import { makeProblem } from "../problem.ts";
import { rawPathOf } from "../schema/parameters.ts";
import { bytesResponse, problemResponses } from "./responses.ts";

/** The files that pages use. Their names change with their content, so that they can be kept for ever. */
export function assetRoutes({ style, script, icon }: PageAssets): readonly ApiRoute[] {
  const byPath = new Map<string, Asset>([style, script, icon].map((asset) => [asset.path, asset]));
  return [
    {
      method: "GET",
      path: "/assets/*",
      rest: "file",
      schema: {
        operationId: "getAsset",
        tags: ["page"],
        summary: "A file of the pages",
        params: Type.Object({ "*": Type.String({ description: "Name of the file." }) }),
        response: { 200: bytesResponse("*/*", "The file."), ...problemResponses("NOT_FOUND") },
      },
      answer: (request) => {
        const asset = byPath.get(rawPathOf(request.raw.url!));
        if (asset === undefined) return answerProblem(makeProblem("NOT_FOUND", "no file has this name"));
        const coding = codingFor(request.headers["accept-encoding"]);
        return {
          status: 200,
          type: asset.type,
          body: coding === "br" ? asset.brotli : coding === "gzip" ? asset.gzip : asset.body,
          caching: asset === icon ? "revalidate" : "forever",
          headers: { vary: "accept-encoding", ...(coding !== undefined && { "content-encoding": coding }) },
        };
      },
    },
  ];
}

function codingFor(header: string | string[] | undefined): "br" | "gzip" | undefined {
  const codings = String(header ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => !/;\s*q=0(\.0*)?$/.test(coding))
    .map((coding) => coding.split(";")[0]);
  if (codings.includes("br")) return "br";
  return codings.includes("gzip") ? "gzip" : undefined;
}
