// Command s3-server is an S3-compatible server for tests: the Versity gateway as it is, at the version that go.mod pins
// with the hashes of all it is built from. It checks signatures and digests, and keeps objects as files of a folder.
//
// It is called with the address to listen on and the folder, in which every folder is a bucket; its one key is in
// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	folderMode     = 0o700
	connectionsMax = 1_000
	partsMax       = 10_000
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	if len(os.Args) != 3 {
		return fmt.Errorf("usage: s3-server ADDRESS FOLDER")
	}
	address, folder := os.Args[1], os.Args[2]
	objects, sidecar := folder+"/buckets", folder+"/metadata"
	for _, path := range []string{objects, sidecar} {
		if err := os.MkdirAll(path, folderMode); err != nil {
			return err
		}
	}
	// What it knows of objects stands beside them, since a test's file system may take no attributes.
	metadata, err := meta.NewSideCar(sidecar)
	if err != nil {
		return err
	}
	store, err := posix.New(objects, metadata, posix.PosixOpts{SideCarDir: sidecar})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return embedgw.RunVersityGW(ctx, store, &embedgw.Config{
		RootUserAccess:    os.Getenv("AWS_ACCESS_KEY_ID"),
		RootUserSecret:    os.Getenv("AWS_SECRET_ACCESS_KEY"),
		Ports:             []string{address},
		MaxConnections:    connectionsMax,
		MaxRequests:       connectionsMax,
		MultipartMaxParts: partsMax,
		Quiet:             true,
	})
}
