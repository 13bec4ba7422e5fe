package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/time/rate"

	"github.com/poruch/poruch/inbox"
)

const (
	// lanes is how many threads are handled at the same time.
	lanes = 8
	// laneLength is how many envelopes may wait in each.
	laneLength = 64
	// maxReconnect bounds the wait between two attempts to connect.
	maxReconnect = 30 * time.Second
	// maxFrame bounds one envelope, in bytes; Slack's own messages stay far
	// below it (40,000 characters of text).
	maxFrame = 8 << 20
)

// Receive brings replies and clicks by Socket Mode until ctx ends. An envelope
// is acknowledged only after the desk has stored what it says; envelopes of
// one thread are handled in the order in which they came. A lost connection is
// made again. The errors that end it name the setting to mend.
func (c *Console) Receive(ctx context.Context, staff inbox.Staff) error {
	if err := c.checkToken(ctx); err != nil {
		return err
	}
	r := &receiver{c: c, staff: staff, seed: maphash.MakeSeed()}
	ctx, end := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer func() { end(); workers.Wait() }()
	for i := range r.lanes {
		r.lanes[i] = make(chan envelope, laneLength)
		workers.Go(func() { r.work(ctx, r.lanes[i]) })
	}
	dials := rate.NewLimiter(rate.Every(time.Second), 3)
	for wait := time.Second; ; wait = min(2*wait, maxReconnect) {
		worked, err := r.connect(ctx, dials)
		if ctx.Err() != nil {
			return nil
		}
		if fatal := appTokenError(err); fatal != nil {
			return fatal
		}
		if worked {
			wait = time.Second
		}
		c.cfg.Log.WarnContext(ctx, "slack is not connected; trying again", "wait", wait, "err", explain("apps.connections.open", err))
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// receiver is one run of Receive.
type receiver struct {
	c     *Console
	staff inbox.Staff
	seed  maphash.Seed
	lanes [lanes]chan envelope
}

// envelope is what Socket Mode delivers, with the connection to answer on:
// https://docs.slack.dev/apis/events-api/using-socket-mode#events
type envelope struct {
	ID      string
	Type    string
	Payload json.RawMessage
	ack     func(payload any)
}

// readEnvelope takes what it can read: one odd field must not keep Slack from
// getting its acknowledgement.
func readEnvelope(raw []byte) (e envelope) {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(raw, &fields) // what cannot be read stays empty, here and below
	_ = json.Unmarshal(fields["envelope_id"], &e.ID)
	_ = json.Unmarshal(fields["type"], &e.Type)
	e.Payload = fields["payload"]
	return e
}

// connect holds a connection until it cannot be kept, and says whether it
// ever stood.
func (r *receiver) connect(ctx context.Context, dials *rate.Limiter) (worked bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := socketmode.New(r.c.api, socketmode.OptionDialer(dialer(dials)), socketmode.OptionReadLimit(maxFrame),
		socketmode.OptionLog(silence{}))
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	for {
		select {
		case err := <-ended:
			return worked, err
		case e := <-client.Events:
			switch e.Type {
			case socketmode.EventTypeConnected:
				worked = true
				r.c.cfg.Log.InfoContext(ctx, "slack is connected")
			case socketmode.EventTypeConnectionError:
				// The library would wait up to five minutes; we decide ourselves.
				cancel()
				<-ended
				if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
					return worked, failed.ErrorObj
				}
				return worked, errors.New("the connection failed")
			case socketmode.EventTypeErrorBadMessage:
				// The library reads payloads strictly, and an envelope that it
				// cannot read would never be acknowledged.
				if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok {
					r.take(ctx, client, readEnvelope(bad.Message))
				}
			default:
				if e.Request != nil && e.Request.EnvelopeID != "" {
					r.take(ctx, client, envelope{ID: e.Request.EnvelopeID, Type: e.Request.Type, Payload: e.Request.Payload})
				}
			}
		}
	}
}

// dialer keeps a server that drops each connection at once from making us a
// storm of new ones.
func dialer(dials *rate.Limiter) *websocket.Dialer {
	var d net.Dialer
	return &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callTimeout,
		// Slack does not join continuation frames; an answer has at most 20 kB.
		WriteBufferSize: 32 << 10,
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if err := dials.Wait(ctx); err != nil {
				return nil, err
			}
			return d.DialContext(ctx, network, addr)
		},
	}
}

// take gives an envelope to the lane of its thread. What nobody here waits for
// is acknowledged at once.
func (r *receiver) take(ctx context.Context, client *socketmode.Client, e envelope) {
	if e.ID == "" {
		return
	}
	e.ack = func(payload any) {
		// Without its connection the acknowledgement is lost; Slack then sends
		// the envelope again, and the desk knows it.
		_ = client.AckCtx(ctx, e.ID, payload)
	}
	key, ok := laneKey(e)
	if !ok {
		e.ack(nil)
		return
	}
	select {
	case r.lanes[maphash.String(r.seed, key)%lanes] <- e:
	case <-ctx.Done():
	}
}

// laneKey is the thread that an envelope is about; false for envelopes that
// mean nothing to us.
func laneKey(e envelope) (string, bool) {
	switch e.Type {
	case socketmode.RequestTypeEventsAPI:
		event, ok := readEvent(e.Payload)
		return event.thread.TS, ok
	case socketmode.RequestTypeInteractive:
		var in interaction
		if json.Unmarshal(e.Payload, &in) != nil {
			return "", false
		}
		if in.View.ID != "" {
			return in.View.ID, true
		}
		return in.thread().TS, true
	}
	return "", false
}

func (r *receiver) work(ctx context.Context, lane <-chan envelope) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-lane:
			if e.Type == socketmode.RequestTypeInteractive {
				r.handleInteraction(ctx, e)
				continue
			}
			r.handleEvent(ctx, e)
		}
	}
}

const (
	// storeTimeout bounds one attempt to store what an agent wrote.
	storeTimeout = 10 * time.Second
	// storeTries, each at most storeTimeout and a growing wait apart, outlast a
	// restart of the database: about five minutes.
	storeTries = 15
	// maxStoreWait is the longest wait between two of them.
	maxStoreWait = 20 * time.Second
)

// handleEvent stores what an agent wrote. When the database is away it keeps
// trying, and should that not help, the agent is told that it was not stored.
func (r *receiver) handleEvent(ctx context.Context, e envelope) {
	event, ok := readEvent(e.Payload)
	if !ok {
		e.ack(nil)
		return
	}
	reply := r.c.reply(ctx, event)
	wait := 100 * time.Millisecond
	for try := 1; ; try++ {
		storing, cancel := context.WithTimeout(ctx, storeTimeout)
		err := r.staff.HandleReply(storing, reply)
		cancel()
		if err == nil {
			e.ack(nil)
			return
		}
		if ctx.Err() != nil {
			return // Slack keeps it for the next connection
		}
		r.c.cfg.Log.ErrorContext(ctx, "an agent's words could not be stored", "thread", reply.Thread.TS, "try", try, "err", err)
		if try == storeTries {
			r.c.tell(ctx, reply.Thread, reply.Agent.ID, r.c.words.say(r.c.cfg.StaffLang, "reply_lost"))
			e.ack(nil)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, maxStoreWait)
	}
}

// checkToken asks Slack about the bot token, so that a wrong one ends the
// program with words instead of a log that repeats itself. Any other failure
// is left to the work that meets it.
func (c *Console) checkToken(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := c.api.AuthTestContext(ctx)
	switch codeOf(err) {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type":
		return explain("auth.test", err)
	}
	return nil
}

// appTokenError is an error of the app-level token in words, nil for others.
func appTokenError(err error) error {
	switch code := codeOf(err); code {
	case "invalid_auth", "not_authed", "token_revoked", "token_expired":
		return fmt.Errorf("slack refuses the app-level token (%s): create one with connections:write under Basic Information, App-Level Tokens, and set PORUCH_SLACK_APP_TOKEN to it", code)
	case "not_allowed_token_type":
		return errors.New("slack: PORUCH_SLACK_APP_TOKEN must be the app-level token, which starts with xapp-")
	case "account_inactive":
		return errors.New("slack: the app was removed from the workspace: install it again, and copy both tokens anew")
	case "missing_scope", "no_permission":
		return errors.New("slack: the app-level token lacks connections:write: create a new one under Basic Information, App-Level Tokens, and set PORUCH_SLACK_APP_TOKEN to it")
	case "forbidden_team", "socket_mode_disabled":
		return errors.New("slack: Socket Mode is off for this app: switch it on under Settings, Socket Mode (see `poruch slack manifest`)")
	}
	return nil
}
