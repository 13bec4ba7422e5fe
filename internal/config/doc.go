// Package config reads how an installation is set up: defaults, then a file,
// then the environment, into one typed value. Secrets print as ***. A brand's
// own folder (brand.yaml and its knowledge) is read here too.
package config
