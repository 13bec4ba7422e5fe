// Package configs carries the configuration files that ship inside the program.
package configs

import _ "embed" // the files below

// SlackManifest is the manifest from which the Slack app is created, in YAML.
//
//go:embed slack-manifest.yaml
var SlackManifest []byte

// RankovaKnowledge is the knowledge of the demo's brand, in YAML.
//
//go:embed brands/rankova/knowledge.yaml
var RankovaKnowledge []byte
