package slack

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/inbox"
)

// buttonValue is what a card's button carries. Only our own app's messages
// bring it back.
type buttonValue struct {
	Ticket  int64  `json:"ticket"`
	Entry   string `json:"entry,omitempty"`
	Message int64  `json:"message,omitempty"` // whose decision is judged
}

func (v buttonValue) String() string {
	b, _ := json.Marshal(v) // ints and a string always encode
	return string(b)
}

// The parts of the snooze dialog.
const (
	snoozeCallback = "snooze_ticket"
	snoozeBlock    = "snooze_for"
	snoozeInput    = "snooze_choice"
)

// snoozeDialog is what the dialog must remember of the card it came from.
type snoozeDialog struct {
	Ticket int64           `json:"ticket"`
	Thread inbox.ThreadRef `json:"thread"` // where notices are seen
}

// interaction is what Slack tells about a click or a submitted dialog:
// https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Type      string `json:"type"`
	TriggerID string `json:"trigger_id"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message struct {
		ThreadTS string `json:"thread_ts"`
	} `json:"message"`
	Container struct {
		ChannelID string `json:"channel_id"`
		MessageTS string `json:"message_ts"`
		ThreadTS  string `json:"thread_ts"`
	} `json:"container"`
	Actions []struct {
		ActionID string `json:"action_id"`
		ActionTS string `json:"action_ts"`
		Value    string `json:"value"`
	} `json:"actions"`
	View struct {
		ID              string `json:"id"`
		CallbackID      string `json:"callback_id"`
		PrivateMetadata string `json:"private_metadata"`
		State           struct {
			Values map[string]map[string]struct {
				SelectedOption struct {
					Value string `json:"value"`
				} `json:"selected_option"`
			} `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// thread is where the card is that was clicked.
func (i interaction) thread() inbox.ThreadRef {
	at := inbox.ThreadRef{Channel: i.Container.ChannelID, TS: i.Container.ThreadTS}
	if at.Channel == "" {
		at.Channel = i.Channel.ID
	}
	if at.TS == "" {
		at.TS = i.Container.MessageTS
	}
	return at
}

// noticeAt is where the person who clicked sees a notice: Slack shows none in a
// thread without replies.
func (i interaction) noticeAt() inbox.ThreadRef {
	at := i.thread()
	if i.Message.ThreadTS == "" {
		at.TS = ""
	}
	return at
}

// handleInteraction does what somebody clicked, and acknowledges it. Slack does
// not repeat a click, so whoever clicked is told when it could not be stored.
func (r *receiver) handleInteraction(ctx context.Context, e envelope) {
	var in interaction
	if err := json.Unmarshal(e.Payload, &in); err != nil {
		e.ack(nil)
		return
	}
	switch {
	case in.Type == "block_actions":
		r.clicked(ctx, in, e)
	case in.Type == "view_submission" && in.View.CallbackID == snoozeCallback:
		r.submitted(ctx, in, e)
	default:
		e.ack(nil)
	}
}

func (r *receiver) clicked(ctx context.Context, in interaction, e envelope) {
	var notices []string
	for _, a := range in.Actions {
		var value buttonValue
		if a.ActionID == actionOpen || json.Unmarshal([]byte(a.Value), &value) != nil || value.Ticket == 0 {
			continue // the link button, or nothing of ours
		}
		if a.ActionID == actionSnooze {
			r.c.openSnooze(ctx, in, value.Ticket)
			continue
		}
		do := inbox.Action{
			EventID: "action-" + a.ActionTS + "-" + in.User.ID + "-" + a.ActionID,
			Ticket:  value.Ticket, Agent: r.c.people.agent(ctx, in.User.ID), At: r.c.cfg.Now(), Raw: e.Payload,
		}
		switch {
		case a.ActionID == actionClaim:
			do.Kind = inbox.Claim
		case a.ActionID == actionResolve:
			do.Kind = inbox.Resolve
		case a.ActionID == actionReopen:
			do.Kind = inbox.Reopen
		case a.ActionID == actionRight, a.ActionID == actionRightAnswer:
			do.Kind, do.Message = inbox.Confirm, value.Message
		case a.ActionID == actionWrong, a.ActionID == actionWrongAnswer:
			do.Kind, do.Message = inbox.Refute, value.Message
		case strings.HasPrefix(a.ActionID, actionSuggest):
			do.Kind, do.Value = inbox.Suggest, value.Entry
		default:
			continue
		}
		notice, err := r.act(ctx, do)
		if err != nil {
			r.c.cfg.Log.ErrorContext(ctx, "a click could not be stored", "ticket", value.Ticket, "action", a.ActionID, "err", err)
			notice = r.c.words.say(r.c.cfg.StaffLang, "try_again")
		}
		notices = append(notices, notice)
	}
	e.ack(nil)
	for _, n := range notices {
		r.c.tell(ctx, in.noticeAt(), in.User.ID, n)
	}
}

// act stores a click while Slack still waits for the acknowledgement.
func (r *receiver) act(ctx context.Context, a inbox.Action) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return r.staff.HandleAction(ctx, a)
}

// openSnooze asks until when. Slack gives three seconds for it
// (https://docs.slack.dev/surfaces/modals), so nothing is looked up before.
func (c *Console) openSnooze(ctx context.Context, in interaction, ticket int64) {
	lang := c.cfg.StaffLang
	memory, _ := json.Marshal(snoozeDialog{Ticket: ticket, Thread: in.noticeAt()}) // an int and strings always encode
	var options []*slack.OptionBlockObject
	for _, s := range []inbox.SnoozeFor{inbox.SnoozeHour, inbox.SnoozeFour, inbox.SnoozeTomorrow, inbox.SnoozeCustomer} {
		options = append(options, slack.NewOptionBlockObject(string(s), plain(c.words.say(lang, "snooze_"+string(s))), nil))
	}
	choice := slack.NewRadioButtonsBlockElement(snoozeInput, options...)
	choice.InitialOption = options[0]
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := c.api.OpenViewContext(ctx, in.TriggerID, slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: snoozeCallback, PrivateMetadata: string(memory),
		Title:  plain(c.words.say(lang, "snooze_title")),
		Submit: plain(c.words.say(lang, "snooze")), Close: plain(c.words.say(lang, "cancel")),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock(snoozeBlock, plain(c.words.say(lang, "snooze_label")), nil, choice),
		}},
	})
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "the snooze dialog could not be opened", "ticket", ticket, "err", explain("views.open", err))
		c.tell(ctx, in.noticeAt(), in.User.ID, c.words.say(lang, "try_again"))
	}
}

func (r *receiver) submitted(ctx context.Context, in interaction, e envelope) {
	var memory snoozeDialog
	if err := json.Unmarshal([]byte(in.View.PrivateMetadata), &memory); err != nil || memory.Ticket == 0 {
		e.ack(nil)
		return
	}
	notice, err := r.act(ctx, inbox.Action{
		EventID: "view-" + in.View.ID, Kind: inbox.Snooze, Ticket: memory.Ticket,
		Value: in.View.State.Values[snoozeBlock][snoozeInput].SelectedOption.Value,
		Agent: r.c.people.agent(ctx, in.User.ID), At: r.c.cfg.Now(), Raw: e.Payload,
	})
	if err != nil {
		r.c.cfg.Log.ErrorContext(ctx, "a dialog could not be stored", "ticket", memory.Ticket, "err", err)
		e.ack(slack.NewErrorsViewSubmissionResponse(map[string]string{snoozeBlock: r.c.words.say(r.c.cfg.StaffLang, "try_again")}))
		return
	}
	e.ack(nil)
	r.c.tell(ctx, memory.Thread, in.User.ID, notice)
}

// tell shows a notice to one person in a thread, or in the channel where no
// thread is given. It is a courtesy: a failure is logged and no more.
func (c *Console) tell(ctx context.Context, at inbox.ThreadRef, user, notice string) {
	if notice == "" || at.Channel == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	options := []slack.MsgOption{
		slack.MsgOptionText(fallback(notice), false), slack.MsgOptionBlocks(slack.NewSectionBlock(plain(cut(notice, maxSection)), nil, nil)),
	}
	if at.TS != "" {
		options = append(options, slack.MsgOptionTS(at.TS))
	}
	_, err := c.api.PostEphemeralContext(ctx, at.Channel, user, options...)
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "a notice could not be shown", "err", explain("chat.postEphemeral", err))
	}
}
