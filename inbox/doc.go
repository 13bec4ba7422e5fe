// Package inbox is the desk: what Poruch does with what customers and staff
// say. It owns tickets and their state machine, the Desk that turns messages
// into decisions, replies and threads, and the ports it needs: a Store, a
// Console for staff, an Answerer for knowledge, a Sender for the platforms.
//
// It knows bots and knowledge, and no vendor. Its implementations live beside
// it: inbox/postgres (Store and queue), inbox/redis (pacing, leases, signals),
// inbox/slack (the Console).
package inbox
