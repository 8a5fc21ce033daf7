// What stands before a node in the street: a server that speaks TLS and hands every request on as it came.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./obtain-source.ts";

/** A running front. */
export type TlsFront = { readonly port: number; readonly close: () => Promise<void> };

/** Starts it for a name, with a certificate that nobody else trusts, or says why it cannot. */
export async function startTlsFront(
  name: string,
  target: string,
): Promise<TlsFront | { readonly why: string }> {
  if (spawnSync("openssl", ["version"]).error !== undefined) return { why: "openssl is not installed" };
  const folder = mkdtempSync(`${tmpdir()}/cityroot-front-`);
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = run(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ],
      ...["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`, "-keyout", key, "-out", cert],
    ],
    folder,
  );
  if (made !== undefined) return { why: `openssl makes no certificate: ${made}` };
  const { hostname, port } = new URL(target);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  rmSync(folder, { recursive: true, force: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
