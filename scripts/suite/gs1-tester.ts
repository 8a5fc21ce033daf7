// What the suite of GS1 has its helper on a server do for it (tester.php), since pages may not: ask as it is told, and give what came.
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";

/** Where requests go in truth. */
export type Destination = { readonly name: string; readonly port: number };

type Asked = {
  readonly method: "GET" | "HEAD" | "OPTIONS";
  readonly address: URL;
  readonly headers: { readonly [name: string]: string };
};
type Came = {
  readonly status: number;
  readonly version: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

const ORIGIN = { origin: "https://ref.gs1.org/test-suites/resolver/" };

/** Answers a request of the suite to its helper. */
export async function answerTester(query: URLSearchParams, to: Destination): Promise<unknown> {
  const test = query.get("test") ?? "";
  const testVal = query.get("testVal") ?? "";
  const address = new URL(testVal);
  if (address.hostname !== to.name) throw new Error(`the suite asks ${address.hostname}`);
  const accept = { accept: "application/linkset+json" };
  switch (test) {
    case "getHTTPversion": {
      const { version } = await ask({ method: "HEAD", address, headers: {} }, to);
      return { test, testVal, result: `HTTP/${version}` };
    }
    case "getAllHeaders": {
      const type = query.get("mediaType");
      const language = query.get("lang");
      const headers = {
        ...ORIGIN,
        ...(type !== null && { accept: type }),
        ...(language !== null && { "accept-language": language }),
      };
      return { test, testVal, result: resultOf(await ask({ method: "GET", address, headers }, to)) };
    }
    case "getLinksetHeaders":
      return {
        ...{ test, testVal },
        result: resultOf(await ask({ method: "GET", address, headers: { ...ORIGIN, ...accept } }, to)),
      };
    case "getCorsHeaders": {
      const headers = { ...ORIGIN, "access-control-request-method": "GET,HEAD,OPTIONS" };
      return { test, testVal, result: resultOf(await ask({ method: "OPTIONS", address, headers }, to)) };
    }
    case "getLinkset": {
      const came = await ask({ method: "GET", address, headers: { ...ORIGIN, ...accept } }, to);
      const { status: httpCode, headers, body } = came;
      const result = { uri: testVal, httpCode, headers, responseBody: encodeURIComponent(body) };
      return { test, testVal, result: JSON.stringify(result) };
    }
    default:
      throw new Error(`the suite's helper knows no ${test}`);
  }
}

function resultOf({ status: httpCode, headers }: Came): object {
  return { httpCode, ...headers };
}

function ask({ method, address, headers }: Asked, { name, port }: Destination): Promise<Came> {
  return new Promise((resolve, reject) => {
    const path = address.pathname + address.search;
    const options = { host: "127.0.0.1", port, servername: name, method, path, rejectUnauthorized: false };
    const outgoing = request({ ...options, headers: { host: name, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          version: answer.httpVersion,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
      answer.on("error", reject);
    });
    outgoing.setTimeout(10_000, () => outgoing.destroy(new Error(`${address} does not answer`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}
