// Package slack is the staff side in Slack: a ticket is a thread in the brand's
// channel. It implements inbox.Console with Socket Mode, so that no public
// address is needed. Customers' words are shown in elements that Slack neither
// formats nor links, so they can neither ping nor pose as staff.
package slack
