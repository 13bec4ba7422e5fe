// Package telegram turns one Telegram bot into a bots.Adapter and back. It uses
// go-telegram/bot for the API's methods and models, but not for intake: its
// poller and webhook handler confirm updates before they are stored. Intake is
// a loop of our own, which confirms a batch only after it was delivered.
package telegram
