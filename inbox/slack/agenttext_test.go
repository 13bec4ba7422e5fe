package slack

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/bots"
)

func nobody(id string) string {
	if id == "U1" {
		return "Олена"
	}
	return "колега"
}

func TestAgentTextFromMrkdwn(t *testing.T) {
	span := func(kind bots.SpanKind, start, end int, url string) bots.Span {
		return bots.Span{Kind: kind, Start: start, End: end, URL: url}
	}
	for name, c := range map[string]struct {
		in    string
		want  string
		spans []bots.Span
	}{
		"plain":              {"доброго дня", "доброго дня", nil},
		"escaped":            {"a &lt;b&gt; &amp; c", "a <b> & c", nil},
		"mention":            {"<@U1>, глянь", "Олена, глянь", nil},
		"unknown mention":    {"<@U9>", "колега", nil},
		"labelled mention":   {"<@U9|olena>", "olena", nil},
		"pings":              {"увага <!here> <!channel> <!subteam^S1|@team>", "увага", nil},
		"channel":            {"див. <#C1|inbox>", "див. inbox", nil},
		"bare link":          {"<https://rankova.example/a>", "https://rankova.example/a", nil},
		"labelled link":      {"<https://rankova.example|сайт>", "сайт", []bots.Span{span(bots.Link, 0, 8, "https://rankova.example")}},
		"link into slack":    {"<https://team.slack.com/archives/C1/p1|тут>", "тут", nil},
		"script link":        {"<javascript:alert(1)|тут>", "тут", nil},
		"mail":               {"<mailto:a@b.example|a@b.example>", "a@b.example", nil},
		"date":               {"до <!date^1392734382^{date}|18 лютого>", "до 18 лютого", nil},
		"marks in a label":   {"_див <@U9|a_b>_", "див a_b", []bots.Span{span(bots.Italic, 0, 10, "")}},
		"marks in a link":    {"*<https://rankova.example/*|*тут>*", "*тут", []bots.Span{span(bots.Bold, 0, 7, ""), span(bots.Link, 0, 7, "https://rankova.example/*")}},
		"bold":               {"це *важливо* знати", "це важливо знати", []bots.Span{span(bots.Bold, 5, 19, "")}},
		"bold and italic":    {"*_a_*", "a", []bots.Span{span(bots.Bold, 0, 1, ""), span(bots.Italic, 0, 1, "")}},
		"snake case":         {"snake_case_name", "snake_case_name", nil},
		"arithmetic":         {"2 * 3 * 4", "2 * 3 * 4", nil},
		"code":               {"`a*b*c`", "a*b*c", []bots.Span{span(bots.Code, 0, 5, "")}},
		"block":              {"```x < y```", "x < y", []bots.Span{span(bots.Block, 0, 5, "")}},
		"open block":         {"```ой", "```ой", nil},
		"quote":              {"&gt; так\nні", "так\nні", []bots.Span{span(bots.Quote, 0, 6, "")}},
		"null and bad bytes": {"a\x00b\xffc", "ab\uFFFDc", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := agentText(nil, c.in, nobody)
			if got.Plain != c.want {
				t.Errorf("got %q, want %q", got.Plain, c.want)
			}
			if diff := cmp.Diff(c.spans, got.Spans); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAgentTextFromRichText(t *testing.T) {
	const blocks = `[{"type":"rich_text","elements":[
		{"type":"rich_text_section","elements":[
			{"type":"text","text":"Вітаю, "},{"type":"user","user_id":"U1"},{"type":"text","text":"! "},
			{"type":"emoji","name":"hugging_face","unicode":"1f917"},{"type":"emoji","name":"flag","unicode":"1f1fa-1f1e6"},{"type":"emoji","name":"our_logo"},
			{"type":"broadcast","range":"here"},{"type":"usergroup","usergroup_id":"S1"},{"type":"channel","channel_id":"C1"},
			{"type":"text","text":" Кроки","style":{"bold":true,"italic":true}},{"type":"text","text":":\n"}]},
		{"type":"rich_text_list","style":"ordered","elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"відкрийте "},{"type":"link","url":"https://rankova.example","text":"сайт"}]},
			{"type":"rich_text_section","elements":[{"type":"text","text":"увійдіть"}]}]},
		{"type":"rich_text_list","style":"bullet","indent":1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"або ні"}]}]},
		{"type":"rich_text_quote","elements":[{"type":"text","text":"цитата *без* розмітки"}]},
		{"type":"rich_text_preformatted","elements":[{"type":"text","text":"код"}]}]}]`
	got := agentText(json.RawMessage(blocks), "це не читається", nobody)
	want := "Вітаю, Олена! 🤗🇺🇦:our_logo: Кроки:\n1. відкрийте сайт\n2. увійдіть\n    • або ні\nцитата *без* розмітки\nкод"
	if got.Plain != want {
		t.Errorf("got  %q\nwant %q", got.Plain, want)
	}
	var kinds []string
	for _, s := range got.Spans {
		kinds = append(kinds, string(s.Kind)+"="+got.Plain[s.Start:s.End])
	}
	if diff := cmp.Diff([]string{"bold= Кроки", "italic= Кроки", "link=сайт", "quote=цитата *без* розмітки", "block=код"}, kinds); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}
