import type { Code } from "@cityroot/codes/ma/code";
import Type, { type Static } from "typebox";
import { type CataloguePrefix, describeDataSets, describeRegistry } from "../../linked-data/catalogue.ts";
import { type DataSet, isDataSet } from "../../linked-data/describe-data-set.ts";
import type { JsonObject } from "../../linked-data/terms.ts";
import { type Answer, answerProblem, MEDIA } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { problemOfCode } from "../problem.ts";
import { readNearestBelow } from "../read/nearest-below.ts";
import { readPart } from "../read/part.ts";
import type { View } from "../read/view.ts";
import { CODE_IN_PATH, codeAfter, readCodeParameter } from "../schema/parameters.ts";
import { problemResponses } from "./responses.ts";

const CATALOGUE_PATH = "/v1/catalogue";
/** How much of a tree is looked at for one part: no entry says before it is read whether it is one of a data set. */
const LOOKED_AT_MAX = 1_000;
/** All codes lie below the agency that gave MA its name. */
const ALL = "MA" as Code;

/** `GET /v1/catalogue` and `GET /v1/catalogue/{prefix}`. */
export function catalogueRoutes(context: ApiContext): readonly ApiRoute[] {
  return [registryRoute(context), prefixRoute(context)];
}

const GIVEN = { content: { [MEDIA.jsonLd]: { schema: {} } } };

function registryRoute(context: ApiContext): ApiRoute {
  return {
    method: "GET",
    path: CATALOGUE_PATH,
    schema: {
      operationId: "getCatalogue",
      tags: ["resolve"],
      summary: "What data the registry has, in terms of DCAT",
      response: {
        200: { description: "Its own data sets, and where those of each root prefix are listed.", ...GIVEN },
        ...problemResponses(),
      },
    },
    answer: () => {
      const view = context.view();
      const limits = { limit: LOOKED_AT_MAX, bytesMax: context.limits.partBytesMax };
      const roots = readNearestBelow(view.source, ALL, limits).entries.map(({ code }) =>
        prefixOf(view, code),
      );
      return answerLinkedData(view, describeRegistry(catalogueOf(context, view), roots));
    },
  };
}

function prefixRoute(context: ApiContext): ApiRoute {
  const Query = Type.Object(
    { after: Type.Optional(Type.String({ maxLength: 256, description: "The code after which to begin." })) },
    { additionalProperties: false },
  );
  return {
    method: "GET",
    path: `${CATALOGUE_PATH}/*`,
    rest: "prefix",
    schema: {
      operationId: "getDataSets",
      tags: ["resolve"],
      summary: "The data sets at and below a prefix, in terms of DCAT",
      description: `A part looks at ${LOOKED_AT_MAX} entries of the tree, and may be empty; \`Link\` with \`rel="next"\` leads to the next.`,
      params: CODE_IN_PATH,
      querystring: Query,
      response: {
        200: { description: "Codes of the classes `dataset` and `data-set`.", ...GIVEN },
        ...problemResponses("CODE_MALFORMED", "PARAMETER_MALFORMED"),
      },
    },
    answer: (request) => {
      const prefix = codeAfter(request.raw.url!, `${CATALOGUE_PATH}/`);
      if (!prefix.ok) return answerProblem(problemOfCode(prefix.fault));
      const { after } = request.query as Static<typeof Query>;
      const from = after === undefined ? undefined : readCodeParameter("after", after);
      if (from !== undefined && "problem" in from) return answerProblem(from.problem);
      const view = context.view();
      const limits = { limit: LOOKED_AT_MAX, bytesMax: context.limits.partBytesMax };
      const { entries, next } = readPart(view.source, prefix.value, limits, from?.code);
      const dataSets = entries.flatMap((entry): DataSet[] => {
        if (entry.kind !== "record" || !isDataSet(entry.record) || entry.record.status === "retired")
          return [];
        const { code, record } = entry;
        return [{ code, record, holder: holderOf(view, code, record.holder) }];
      });
      const catalogue = describeDataSets(catalogueOf(context, view), prefixOf(view, prefix.value), dataSets);
      const nextAddress = `${context.publicUrl}${CATALOGUE_PATH}/${prefix.value}?after=${encodeURIComponent(next ?? "")}`;
      return answerLinkedData(
        view,
        catalogue,
        next === null ? undefined : `<${nextAddress}>; rel="next"; type="${MEDIA.jsonLd}"`,
      );
    },
  };
}

function holderOf(view: View, code: Code, holder: Uint8Array | null): DataSet["holder"] {
  if (holder !== null) return view.holderOf(holder).name;
  return view.prefixAtOrAbove(code)?.holder.name;
}

function prefixOf(view: View, prefix: Code): CataloguePrefix {
  return { prefix, holder: holderOf(view, prefix, null) };
}

function catalogueOf({ publicUrl, reader }: ApiContext, { head }: View) {
  return { base: publicUrl, network: reader.network.id, timeMs: head.checkpoint.timeMs };
}

function answerLinkedData({ head }: View, body: JsonObject, link?: string): Answer {
  return {
    status: 200,
    type: MEDIA.jsonLd,
    // As bytes: the type has no charset, which the router would add to text.
    body: Buffer.from(JSON.stringify(body)),
    caching: "never",
    head,
    headers: link === undefined ? {} : { link },
  };
}
