package demo

import (
	"encoding/json"
	"testing"

	"github.com/poruch/poruch/internal/i18n"
)

func TestMrkdwn(t *testing.T) {
	who := names{"@U1": "Олена <b>", "#C1": "inbox"}
	for in, want := range map[string]string{
		"*так* _ні_ ~може~ `код`":              "<b>так</b> <i>ні</i> <s>може</s> <code>код</code>",
		"2 * 3 * 4, a_b_c, *відкрита":          "2 * 3 * 4, a_b_c, *відкрита",
		"*_обоє_*":                             "<b><i>обоє</i></b>",
		"&lt;script&gt; &amp; `&lt;i&gt;`":     "&lt;script&gt; &amp; <code>&lt;i&gt;</code>",
		"<https://a.example/?q=1&amp;b|сайт>":  `<a href="https://a.example/?q=1&amp;b" target="_blank" rel="noopener noreferrer">сайт</a>`,
		"<javascript:alert(1)|клац>":           "клац",
		"<@U1> <#C1> <!here> <@U9|хтось>":      `<span class="mention">@Олена &lt;b&gt;</span> <span class="mention">#inbox</span> <span class="mention">@here</span> <span class="mention">@хтось</span>`,
		"<!date^1700000000^{date}|14 листоп.>": "14 листоп.",
		"&gt; перше\n&gt; друге\nдалі":         "<blockquote>перше<br>друге</blockquote>далі",
		"до ```*не жирне*``` після":            "до <pre>*не жирне*</pre> після",
		":eyes: :nosuchthing:":                 "👀 :nosuchthing:",
		"\"лапки\" ' і <b>":                    "&#34;лапки&#34; &#39; і b",
	} {
		if got := string(mrkdwn(in, who)); got != want {
			t.Errorf("mrkdwn(%q)\n got %s\nwant %s", in, got, want)
		}
	}
}

func FuzzMrkdwn(f *testing.F) {
	for _, s := range []string{"*a*", "<@U1>", "```", "`<", "&gt;", "*_~`<|>", "\xff*x*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, c := range tags(string(mrkdwn(in, nil))) {
			switch c {
			case "b", "i", "s", "code", "pre", "br", "a", "span", "blockquote":
			default:
				t.Errorf("%q made a tag %q", in, c)
			}
		}
	})
}

// tags are the names of the opening tags in a piece of HTML.
func tags(html string) []string {
	var out []string
	for i := 0; i < len(html); i++ {
		if html[i] != '<' || i+1 < len(html) && html[i+1] == '/' {
			continue
		}
		j := i + 1
		for j < len(html) && html[j] >= 'a' && html[j] <= 'z' {
			j++
		}
		out = append(out, html[i+1:j])
	}
	return out
}

func TestRichText(t *testing.T) {
	raw := `[{"type":"rich_text_section","elements":[{"type":"text","text":"<b>","style":{"bold":true,"code":true}},{"type":"link","url":"javascript:x","text":"ні"},{"type":"user","user_id":"U1"},{"type":"emoji","name":"eyes"}]},
	{"type":"rich_text_list","style":"ordered","indent":1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"раз"}]}]},
	{"type":"rich_text_preformatted","elements":[{"type":"text","text":"a < b"}]}]`
	var elements []json.RawMessage
	if err := json.Unmarshal([]byte(raw), &elements); err != nil {
		t.Fatal(err)
	}
	want := `<div class="line"><b><code>&lt;b&gt;</code></b>ні<span class="mention">@Олена</span>👀</div>` +
		`<ol class="indent1" start="1"><li>раз</li></ol><pre>a &lt; b</pre>`
	if got := string(richText(elements, names{"@U1": "Олена"})); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Every text of the page is there in both languages.
func TestTextsAreComplete(t *testing.T) {
	texts, err := i18n.Load(messageFiles)
	if err != nil {
		t.Fatal(err)
	}
	if missing := texts.Check(); len(missing) > 0 {
		t.Errorf("missing texts: %v", missing)
	}
	for _, sample := range Samples() {
		if id := "sample_" + sample.Kind; texts.Text("uk", id, nil) == id {
			t.Errorf("no text %s", id)
		}
	}
}
