import type { NodeConfig } from "./config.ts";
import { ConfigError } from "./config-field.ts";

/** How a registry is served beside its own interface. */
export type Served = Pick<NodeConfig, "publicUrl" | "dns" | "handlePrefix">;

/** What a node serves, from its configuration and what its caller decides instead. Throws a {@link ConfigError}. */
export function servedOf(
  config: NodeConfig,
  options: { readonly [name in keyof Served]?: Served[name] },
): Served {
  const { publicUrl = config.publicUrl, dns = config.dns, handlePrefix = config.handlePrefix } = options;
  if (publicUrl === null && (dns !== null || handlePrefix !== null)) {
    const name = dns !== null ? "dns" : "handlePrefix";
    throw new ConfigError(
      `config.publicUrl: expected an address such as https://id.example.cn, since what ${name} answers leads there; got null`,
    );
  }
  return { publicUrl, dns, handlePrefix };
}
