import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isJsonObject, type Json } from "@cityroot/core/json";
import type { AttributesJson, LinkJson } from "@cityroot/sdk/attributes-json";
import { type BatchItemJson, prepareBatch } from "@cityroot/sdk/prepare-batch";
import { uploadPayload } from "@cityroot/sdk/upload-payload";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { mapRow } from "../../import/map-row.ts";
import { checkMapping, MAP_OPTIONS, readMapping } from "../../import/mapping.ts";
import { openTable } from "../../import/table.ts";
import { refuseNoTable } from "../../import/table-form.ts";
import { ENCODINGS, type Encoding, lookAtText } from "../../import/text-encoding.ts";
import type { Input } from "../../input.ts";
import {
  attributesOf,
  commitmentsOf,
  DESCRIPTION_OPTIONS,
  linksOf,
} from "../../registry/description-options.ts";
import { malformedFile } from "../../registry/read-json.ts";
import { writeCode } from "../../registry/write-code.ts";
import { WRITE_OPTIONS } from "../../registry/write-operations.ts";

const PART_ROWS = 1_000;

export const command: CommandDefinition = {
  arguments: [{ name: "[file]", text: "argument.batchFile" }],
  options: [
    ...MAP_OPTIONS,
    { flags: "--encoding <encoding>", text: "option.encoding", choices: ENCODINGS },
    ...DESCRIPTION_OPTIONS,
    ...WRITE_OPTIONS,
  ],
  examples: [
    "cityroot code batch lamps.csv --class street-lamp --map code=MA.156.1301.02/60.10000000.1/{id} --map name.zh={name}",
    "cityroot code batch lamps.ndjson --class street-lamp",
  ],
  run: (context, input) =>
    writeCode(context, input, {
      type: "issue-batch",
      argument: "file",
      seat: "above",
      make: async (file, client) => {
        const { operation, payload } = await prepareBatch({
          items: readItems(context, input, file),
          class: classOf(context, input),
          attributes: attributesOf(context, input),
          links: linksOf(context, input),
          commitments: commitmentsOf(context, input),
        });
        const prepare = async (): Promise<void> => {
          context.note(context.say("batch.uploading", { count: operation.count, size: payload.length }));
          await uploadPayload(client, payload, { signal: context.io.interrupt });
        };
        return { code: operation.first, operation, prepare };
      },
      said: "done.batch",
    }),
};

function classOf(context: Context, input: Input): string {
  const named = input.text("class") ?? readMapping(context, input).class;
  return named === "" ? input.needed("class") : named;
}

function readItems(context: Context, input: Input, file: string): AsyncGenerator<BatchItemJson> {
  const path = pathFrom(context.io.workingFolder, file);
  return /\.(ndjson|jsonl)$/.test(path) ? readLines(context, path) : readTable(context, input, path);
}

async function* readLines({ say }: Context, path: string): AsyncGenerator<BatchItemJson> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    number += 1;
    if (line.trim() === "") continue;
    const item = parseLine(line);
    if (isJsonObject(item) && typeof item["code"] === "string") {
      yield item as unknown as BatchItemJson;
      continue;
    }
    throw malformedFile(say, {
      field: `${number}`,
      path,
      expected: '{"code", "attributes", "links"}',
      got: line.slice(0, 80),
    });
  }
}

function parseLine(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}

async function* readTable(context: Context, input: Input, path: string): AsyncGenerator<BatchItemJson> {
  const mapping = { ...readMapping(context, input), class: "item" };
  refuseNoTable(context, path);
  const facts = await lookAtText(path, input.text("encoding") as Encoding | undefined);
  const { columns, parts } = await openTable(path, facts, PART_ROWS);
  checkMapping(context, mapping, columns);
  for await (const part of parts) {
    for (const row of part) {
      if ("fault" in row) throw badRow(context, path, row.row, row.fault);
      const mapped = mapRow(mapping, row.values);
      if (mapped === undefined) continue;
      const { code, attributes, links } = mapped;
      yield {
        code,
        attributes: attributes as AttributesJson,
        links: links as unknown as readonly LinkJson[],
      };
    }
  }
}

/** A batch is one operation, so one bad row spoils all of it. */
function badRow({ say }: Context, path: string, row: number, fault: string): CommandFailure {
  return new CommandFailure({
    code: "ROW_MALFORMED",
    exit: "usage",
    detail: say("error.row", { path, row, fault }),
    field: `row ${row}`,
    fix: say("error.row.fix"),
  });
}
