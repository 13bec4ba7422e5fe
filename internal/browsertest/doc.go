// Package browsertest opens pages of this machine in a real Chromium, for
// tests. Each Page is a browser of its own that ends with its test. A test
// whose machine has no Chromium fails: `make test` installs it.
package browsertest
