import { createServer } from "node:net";

/** Where a server may listen: the port that is wanted, or another where that one is taken. */
export async function findFreePort(host: string, port: number): Promise<number> {
  return (await tryPort(host, port)) ?? (await tryPort(host, 0)) ?? port;
}

/** The port, if a server can listen on it; undefined where it is taken. */
async function tryPort(host: string, port: number): Promise<number | undefined> {
  const held = await holdPort(host, port);
  await held?.release();
  return held?.port;
}

type Held = { readonly port: number; readonly release: () => Promise<void> };

/** Listens on a port, so that nobody else can; undefined where somebody does. */
function holdPort(host: string, port: number): Promise<Held | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const given = typeof address === "object" && address !== null ? address.port : port;
      resolve({ port: given, release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/** Free ports, all different: those that are wanted (0 for any), or others where they are taken. */
export async function findFreePorts(host: string, wanted: readonly number[]): Promise<readonly number[]> {
  const held: Held[] = [];
  try {
    for (const port of wanted) {
      const taken = (await holdPort(host, port)) ?? (await holdPort(host, 0));
      if (taken === undefined) throw new Error(`no port of ${host} is free`);
      held.push(taken);
    }
    return held.map(({ port }) => port);
  } finally {
    await Promise.all(held.map(({ release }) => release()));
  }
}
