package slack_test

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	vendor "github.com/slack-go/slack"
	"go.yaml.in/yaml/v3"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// manifest reads the shipped file as strictly as Slack does.
func manifest(t *testing.T) vendor.Manifest {
	t.Helper()
	f, err := os.Open("../../configs/slack-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	var m vendor.Manifest
	if err := d.Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// needs lists what each method that we call needs, and each event that we wait
// for: https://docs.slack.dev/reference/methods
var needs = map[string][]string{
	"chat.postMessage":             {"chat:write", "chat:write.customize"},
	"chat.update":                  {"chat:write"},
	"chat.postEphemeral":           {"chat:write"},
	"conversations.info":           {"channels:read", "groups:read"},
	"conversations.history":        {"channels:history", "groups:history"},
	"conversations.replies":        {"channels:history", "groups:history"},
	"files.getUploadURLExternal":   {"files:write"},
	"files.completeUploadExternal": {"files:write"},
	"files.info":                   {"files:read"},
	"reactions.add":                {"reactions:write"},
	"reactions.remove":             {"reactions:write"},
	"users.info":                   {"users:read"},
	"users.list":                   {"users:read"},
	"event message.channels":       {"channels:history"},
	"event message.groups":         {"groups:history"},
}

func TestManifestAsksForWhatWeUse(t *testing.T) {
	m := manifest(t)
	var want []string
	for _, scopes := range needs {
		want = append(want, scopes...)
	}
	sort := func(s []string) []string { return slices.Compact(slices.Sorted(slices.Values(s))) }
	if diff := cmp.Diff(sort(want), sort(m.OAuthConfig.Scopes.Bot)); diff != "" {
		t.Errorf("scopes (-needed +asked for):\n%s", diff)
	}
	if diff := cmp.Diff(sort(slack.Scopes), sort(m.OAuthConfig.Scopes.Bot)); diff != "" {
		t.Errorf("Scopes (-checked +asked for):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"message.channels", "message.groups"}, sort(m.Settings.EventSubscriptions.BotEvents)); diff != "" {
		t.Errorf("events (-needed +asked for):\n%s", diff)
	}
	if !m.Settings.SocketModeEnabled || m.Settings.Interactivity == nil || !m.Settings.Interactivity.IsEnabled {
		t.Error("Socket Mode and buttons must be on")
	}
	if m.Settings.TokenRotationEnabled || m.Settings.OrgDeployEnabled {
		t.Error("tokens must last, and the app stays in its workspace")
	}
}

// The workspace that knows only the manifest's scopes lets each method through.
func TestManifestIsEnough(t *testing.T) {
	w := newWorld(t, func(c *slacktest.Config, _ *slack.Config) { c.Scopes = manifest(t).OAuthConfig.Scopes.Bot })
	at := w.thread(t)
	w.receive(t)
	p := post("job-1", "ось")
	p.Files = append(p.Files, upload("чек.pdf", "x"))
	for name, do := range map[string]func() error{
		"check":  func() error { return w.console.Check(t.Context(), channel) },
		"post":   func() error { _, err := w.console.Post(t.Context(), at, post("job-2", "так")); return err },
		"files":  func() error { _, err := w.console.Post(t.Context(), at, p); return err },
		"update": func() error { return w.console.Update(t.Context(), at, card()) },
		"mark":   func() error { return w.console.Mark(t.Context(), inbox.PostRef(at), inbox.Waiting) },
		"find":   func() error { _, err := w.console.Find(t.Context(), channel, at, "job-2", noon); return err },
	} {
		if err := do(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.says(t, at, olena, "так")
	<-w.staff.replies
	w.dialog(t, at, olena)
	w.staff.say("Ні.")
	w.clicks(t, at, olena, "claim")
	w.until(func() bool { return len(w.Ephemerals(channel, olena)) == 1 })
	free := []string{"auth.test", "apps.connections.open", "views.open"} // need no scope of the bot token
	w.mu.Lock()
	defer w.mu.Unlock()
	for method := range w.wire {
		if needs[method] == nil && !slices.Contains(free, method) {
			t.Errorf("needs does not list %s", method)
		}
	}
}
