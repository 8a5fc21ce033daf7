import { isIP } from "node:net";
import { isHandlePrefix, type NodeConfig } from "@cityroot/node/home/config";
import { type DnsConfig, defaultDns, isZoneName } from "@cityroot/node/home/dns-config";
import type { Context } from "../context.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";
import { listenOf, publicUrlOf } from "./home-options.ts";

/** What a node serves beside its own interface, as far as options say it. */
export type ServedOptions = {
  readonly publicUrl?: string;
  readonly dns?: DnsConfig;
  readonly handlePrefix?: string;
};

const EXAMPLE_URL = "--public-url https://id.example.cn";

/** Reads the options of what a node serves; what they leave open is the configuration's. */
export function servedOptionsOf(context: Context, input: Input, config: NodeConfig): ServedOptions {
  const { say } = context;
  const publicUrl = publicUrlOf(context, input);
  const dns = dnsOf(context, input, config.dns);
  const handlePrefix = input.text("handle-prefix");
  if (handlePrefix !== undefined && !isHandlePrefix(handlePrefix)) {
    const expected = say("error.handlePrefix.expected");
    const fix = "--handle-prefix 20.500.12345";
    throw optionMalformed(say, { field: "--handle-prefix", expected, got: handlePrefix, fix });
  }
  if ((dns ?? handlePrefix) !== undefined && (publicUrl ?? config.publicUrl) === null) {
    const expected = say("error.servedUrl.expected");
    throw optionMalformed(say, {
      ...{ field: "--public-url", expected },
      ...{ got: say("error.nothing"), fix: EXAMPLE_URL },
    });
  }
  return {
    ...(publicUrl !== undefined && { publicUrl }),
    ...(dns !== undefined && { dns }),
    ...(handlePrefix !== undefined && { handlePrefix }),
  };
}

/** The responder that options ask for; undefined where they ask for nothing else than the configuration. */
function dnsOf(context: Context, input: Input, configured: DnsConfig | null): DnsConfig | undefined {
  const { say } = context;
  const address = input.text("dns");
  const zone = input.text("dns-zone");
  if (address === undefined && zone === undefined) return undefined;
  if (address === undefined && configured === null) {
    const expected = say("error.dns.expected");
    const fix = "--dns 127.0.0.1:5353";
    throw optionMalformed(say, { field: "--dns", expected, got: say("error.nothing"), fix });
  }
  const { host, port } = address === undefined ? configured! : dnsAddressOf(context, address);
  if (zone !== undefined && !isZoneName(zone)) {
    const expected = say("error.dnsZone.expected");
    throw optionMalformed(say, {
      field: "--dns-zone",
      expected,
      got: zone,
      fix: "--dns-zone id.example.cn",
    });
  }
  const dns = {
    ...(configured ?? defaultDns(host, port, null)),
    host,
    port,
    ...(zone !== undefined && { zone }),
  };
  if (dns.zone !== null || dns.oids.length > 0) return dns;
  const expected = say("error.dnsZone.expected");
  const fix = "--dns-zone id.example.cn";
  throw optionMalformed(say, { field: "--dns-zone", expected, got: say("error.nothing"), fix });
}

function dnsAddressOf(context: Context, text: string): { readonly host: string; readonly port: number } {
  const address = listenOf(context, text, { field: "--dns", fix: "--dns 127.0.0.1:5353" });
  if (isIP(address.host) !== 0 && address.port > 0) return address;
  const expected = context.say("error.dns.expected");
  throw optionMalformed(context.say, { field: "--dns", expected, got: text, fix: "--dns 127.0.0.1:5353" });
}
