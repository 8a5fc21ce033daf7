import { writeConsensusGenesis } from "../engine/cometbft/comet-home.ts";
import { movedGenesisOf } from "../engine/cometbft/moved-genesis.ts";
import { readHome } from "../home/home.ts";
import { type ImportReport, importIntoHome } from "./import-registry.ts";

/**
 * Takes the export of a registry that one node decided on into the home of a node, which has its keys, and writes what the
 * consensus of its network begins with: the same from the same export on every node. A home that decides alone goes on as
 * the registry alone.
 */
export async function moveRegistry(
  path: string,
  homePath: string,
  onProgress?: (done: number, total: number) => void,
  signatureProcesses?: number,
): Promise<ImportReport> {
  const report = await importIntoHome(path, homePath, onProgress, signatureProcesses);
  const home = readHome(homePath);
  if (home.config.consensus !== null)
    writeConsensusGenesis(`${home.path}/consensus`, await movedGenesisOf(home));
  return report;
}
