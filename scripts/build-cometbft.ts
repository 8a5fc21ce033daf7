// Builds CometBFT from the module in cometbft/.
import { BUILT_COMETBFT, COMETBFT_VERSION } from "@cityroot/node/engine/cometbft/find-cometbft";
import { buildGoModule } from "./build-go-module.ts";

buildGoModule({
  title: `CometBFT ${COMETBFT_VERSION}`,
  module: "cometbft/",
  built: BUILT_COMETBFT,
  fix: `install Go from https://go.dev/dl/, or give the path of a cometbft ${COMETBFT_VERSION} instead`,
});
