package main

import (
	"os"

	"github.com/poruch/poruch/configs"
)

// SlackCmd sets up the staff side.
type SlackCmd struct {
	Manifest ManifestCmd `cmd:"" help:"Print the app manifest to paste at api.slack.com/apps, Create New App, From a manifest."`
}

// ManifestCmd prints the manifest.
type ManifestCmd struct{}

// Run prints.
func (ManifestCmd) Run() error {
	_, err := os.Stdout.Write(configs.SlackManifest)
	return err
}
