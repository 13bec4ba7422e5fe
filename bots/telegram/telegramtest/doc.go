// Package telegramtest is a Telegram Bot API server for one bot, in memory,
// with the real server's semantics where they matter to a bot: offsets that
// confirm, long polls, one poller at a time, webhooks that retry, message ids,
// multipart uploads, limits and the errors that go with them.
//
// Tests, the demo and benchmarks point the production adapter at it and play
// the people on the other side: Say, Edit, Press, Block. What it leaves out on
// purpose is the real server's forced pause when a poller repeats an offset
// quickly, which would only slow proofs down.
package telegramtest
