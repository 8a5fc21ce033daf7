package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/cometbft/cometbft/abci/example/kvstore"
	"github.com/cometbft/cometbft/abci/server"
	"github.com/spf13/cobra"
)

// kvstoreCmd serves the application that CometBFT brings as an example: what Cityroot's rates are measured against.
var kvstoreCmd = &cobra.Command{
	Use:   "kvstore <address>",
	Short: "Serve CometBFT's example application, in memory, at an address such as unix:///tmp/app.sock",
	Args:  cobra.ExactArgs(1),
	RunE: func(_ *cobra.Command, args []string) error {
		served, err := server.NewServer(args[0], "socket", kvstore.NewInMemoryApplication())
		if err != nil {
			return err
		}
		if err := served.Start(); err != nil {
			return err
		}
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, syscall.SIGINT, syscall.SIGTERM)
		<-ended
		return served.Stop()
	},
}
