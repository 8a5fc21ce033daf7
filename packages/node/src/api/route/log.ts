import { parseTilePath, TILE_WIDTH, type TileResource } from "@cityroot/core/log/tile";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import Type from "typebox";
import { type Answer, answerProblem, MEDIA } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem } from "../problem.ts";
import { rawPathOf } from "../schema/parameters.ts";
import { bytesResponse, problemResponses } from "./responses.ts";

const LOG_PATH = "/log/";
const HASH_BYTES = 32;

/** The newest checkpoint as clients check it, and the log as a C2SP tlog-tiles server gives it. */
export function logRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/checkpoint",
      schema: {
        operationId: "getSealedCheckpoint",
        tags: ["log"],
        summary: "The newest checkpoint, with what shows that the log ends with its seal",
        response: {
          200: bytesResponse(MEDIA.proof, "A proof bundle that shows nothing else, CBOR, spec 5.12."),
          ...problemResponses(),
        },
      },
      answer: () => {
        const { head } = context.view();
        const { note, sealPath } = head;
        const body = encodeBundle({ note, sealPath, runs: [], items: [], versions: [] });
        return { status: 200, type: MEDIA.proof, body, caching: "never", head };
      },
    },
    {
      method: "GET",
      path: `${LOG_PATH}checkpoint`,
      schema: {
        operationId: "getCheckpoint",
        tags: ["log"],
        summary: "The newest checkpoint, signed and cosigned",
        response: { 200: bytesResponse("text/plain", "A C2SP signed note."), ...problemResponses() },
      },
      answer: () => {
        const { head } = context.view();
        return { status: 200, type: MEDIA.text, body: head.note, caching: "never", head };
      },
    },
    {
      method: "GET",
      path: `${LOG_PATH}tile/*`,
      rest: "tile",
      schema: {
        operationId: "getTile",
        tags: ["log"],
        summary: "A tile of the log's tree, or a bundle of its entries",
        params: Type.Object({
          "*": Type.String({
            description: "As in C2SP tlog-tiles.",
            examples: ["0/x001/234", "entries/000.p/17"],
          }),
        }),
        response: {
          200: bytesResponse(MEDIA.bytes, "The tile. A full one never changes."),
          ...problemResponses("NOT_FOUND"),
        },
      },
      answer: (request) => answerTile(context, rawPathOf(request.raw.url!).slice(LOG_PATH.length)),
    },
  ];
}

function answerTile(context: ApiContext, path: string): Answer {
  const resource = parseTilePath(path);
  if (!resource.ok) {
    return answerProblem(makeProblem("NOT_FOUND", "the path names no tile", resource.fault));
  }
  context.view();
  const body = readTile(context, resource.value);
  if (body === undefined) {
    return answerProblem(makeProblem("NOT_FOUND", `the log does not have ${path} yet`));
  }
  const isFull = resource.value.width === TILE_WIDTH;
  return { status: 200, type: MEDIA.bytes, body, caching: isFull ? "forever" : "never" };
}

/** As much of a tile as is asked for; undefined where the log has less. */
function readTile({ reader }: ApiContext, resource: TileResource): Uint8Array | undefined {
  if (resource.kind === "entries") {
    const bundle = reader.entryBundle(resource.index);
    return bundle === undefined ? undefined : cutEntries(bundle, resource.width);
  }
  const tile = reader.tile(resource.level, resource.index);
  const length = HASH_BYTES * resource.width;
  return tile === undefined || tile.length < length ? undefined : tile.subarray(0, length);
}

/** The first entries of a bundle, each with its 16-bit length; undefined where it holds fewer. */
function cutEntries(bundle: Uint8Array, width: number): Uint8Array | undefined {
  let at = 0;
  for (let entry = 0; entry < width; entry++) {
    if (at + 2 > bundle.length) return undefined;
    at += 2 + bundle[at]! * 256 + bundle[at + 1]!;
  }
  return at > bundle.length ? undefined : bundle.subarray(0, at);
}
