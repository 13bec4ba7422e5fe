// Package configs carries the configuration files that ship inside the program.
package configs

import _ "embed"

// SlackManifest is the manifest from which the Slack app is created, in YAML.
//
//go:embed slack-manifest.yaml
var SlackManifest []byte
