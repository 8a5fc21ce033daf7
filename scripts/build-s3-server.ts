// Builds the S3-compatible server that tests start, from the module in test/s3-server/.
import { BUILT_S3_SERVER, S3_SERVER_VERSION } from "@cityroot/node/payload/s3-server.testing";
import { buildGoModule } from "./build-go-module.ts";

buildGoModule({
  title: `the S3 server of the tests, versitygw ${S3_SERVER_VERSION}`,
  module: "test/s3-server/",
  built: BUILT_S3_SERVER,
  fix: "install Go from https://go.dev/dl/; without it the tests of S3 storage are skipped",
});
