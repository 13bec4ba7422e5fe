// Package bots says what a chat platform is to Poruch: messages that come in,
// messages that go out, and the ways in which either can fail.
//
// An adapter (bots/telegram and its later siblings) turns one platform's bot
// into these types and back; it decides nothing. The inbox uses only this
// package and never learns which platform is behind it. Platform ids are
// opaque strings: nobody but the adapter that made one looks inside it.
package bots
