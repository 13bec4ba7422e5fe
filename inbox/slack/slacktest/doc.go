// Package slacktest is a Slack workspace in memory: a Web API, Socket Mode and
// the people who write. It is for tests and the demo, on loopback only.
package slacktest
