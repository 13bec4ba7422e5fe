package inbox

import (
	"testing"

	"github.com/poruch/poruch/bots"
)

// What a button sends back comes from outside: whatever it is, it names one of
// the choices or none.
func FuzzButtons(f *testing.F) {
	for _, s := range []string{"choice1:7", "choice0:7", "choice-1:7", "choice4:7", "choice99999999999999999999:7", "other:7", "helped:-7", ":", "choice:", "choice1"} {
		f.Add(s)
	}
	m := Message{ID: 7, Choices: []string{"a", "b", "c"}, Buttons: [][]bots.Button{{{Label: "А", Data: "choice1"}}, {}}}
	f.Fuzz(func(t *testing.T, data string) {
		button, _, _ := readButton(data)
		n := choiceOf(m, button)
		if n < -1 || n >= len(m.Choices) {
			t.Fatalf("%q is choice %d", data, n)
		}
		if n >= 0 && labelOf(m, n, m.Choices[n]) == "" {
			t.Fatalf("choice %d has no words", n)
		}
	})
}

func TestButtonsComeBackAsTheyWent(t *testing.T) {
	m := Message{ID: 7, Choices: []string{"a", "b"}, Buttons: [][]bots.Button{
		{{Label: "А", Data: "choice1"}}, {{Label: "Б", Data: "choice2"}}, {{Label: "Сайт", URL: "https://a.example"}},
	}}
	out := buttonsOf(m)
	for i := range m.Choices {
		button, id, ok := readButton(out[i][0].Data)
		if !ok || id != 7 || choiceOf(m, button) != i {
			t.Errorf("%q came back as message %d, choice %d", out[i][0].Data, id, choiceOf(m, button))
		}
	}
	if link := out[2][0]; link != m.Buttons[2][0] {
		t.Errorf("a link went out as %+v", link)
	}
}
