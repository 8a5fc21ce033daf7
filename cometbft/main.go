// Command cometbft is the consensus that a Cityroot network runs on: CometBFT as it is, at the version that go.mod pins
// with the hashes of all it is built from. Cityroot is its application, over a unix socket.
package main

import (
	"fmt"
	"os"

	"github.com/cometbft/cometbft/cmd/cometbft/commands"
	"github.com/cometbft/cometbft/libs/cli"
	"github.com/cometbft/cometbft/node"
)

func main() {
	root := commands.RootCmd
	root.AddCommand(
		commands.InitFilesCmd,
		commands.TestnetFilesCmd,
		commands.VersionCmd,
		commands.ShowNodeIDCmd,
		commands.ShowValidatorCmd,
		commands.GenValidatorCmd,
		commands.GenNodeKeyCmd,
		commands.ResetAllCmd,
		commands.ResetStateCmd,
		commands.RollbackStateCmd,
		commands.InspectCmd,
		commands.LightCmd,
		commands.NewRunNodeCmd(node.DefaultNewNode),
		kvstoreCmd,
	)
	// Every setting can be given in the environment as CMT_*, so that no one has to write into config.toml.
	if err := cli.PrepareBaseCmd(root, "CMT", os.ExpandEnv("$HOME/.cometbft")).Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
