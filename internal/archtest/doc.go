// Package archtest holds no code, only tests that keep the map of packages in
// docs/architecture.md true: who may import whom, where each library lives, and
// that every package says what it is. Nobody imports it.
package archtest
