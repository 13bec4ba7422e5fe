// Package botstest proves adapters, and stands in for them.
//
// Exercise is the proof that every adapter runs against a fake of its vendor.
// Store is an Intake that can fail. Fake is an adapter in memory for the tests
// of others; it runs Exercise too, so what passes with it has met the contract.
package botstest
