// Package demo is the page of `poruch demo`: a fake Telegram on the left, a
// fake Slack workspace on the right, and the control API under /sim/ that
// scripts and tests use. It talks only to the two fakes; Poruch itself talks to
// them through its production adapters, so whatever the page shows went the
// real way.
//
// The page is for one visitor on his own machine: it has no accounts, and who
// has read what is remembered for all its windows together.
package demo
