import Type, { type TSchema } from "typebox";
import { kindOfProblem, type ProblemName } from "../problem.ts";

/** Schema of the responses of a route, by status. */
type Responses = { [status: number]: TSchema | object };

/** A JSON answer of a shared schema. */
export function jsonResponse(schema: string, description: string): object {
  return { description, content: { "application/json": { schema: Type.Ref(schema) } } };
}

/** An answer of bytes. */
export function bytesResponse(media: string, description: string): object {
  return { description, content: { [media]: { schema: {} } } };
}

/** Refusals of the protocol, whatever their status. */
export function refusalResponse(description: string): object {
  return { description, content: { "application/problem+json": { schema: Type.Ref("Problem") } } };
}

/** The problems that a route may answer with, by status; what any route may answer with need not be named. */
export function problemResponses(...names: readonly ProblemName[]): Responses {
  const byStatus = new Map<number, ProblemName[]>();
  for (const name of new Set([...names, "UNAVAILABLE", "OVERLOADED"] as const)) {
    const { status } = kindOfProblem(name);
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  const responses: Responses = {};
  for (const [status, same] of byStatus) {
    responses[status] = {
      description: same.join(", "),
      content: { "application/problem+json": { schema: Type.Ref("Problem") } },
    };
  }
  return responses;
}
