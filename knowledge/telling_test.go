package knowledge

import (
	"bytes"
	"strings"
	"testing"
)

// senseOf is a table in which each term points along a dimension of its own,
// the longer the later it stands.
func senseOf(t *testing.T, terms ...string) *SenseTable {
	t.Helper()
	rows := make([][]float32, len(terms))
	for i := range rows {
		rows[i] = make([]float32, senseSize)
		rows[i][i] = float32(i + 1)
	}
	var b bytes.Buffer
	if err := NewSenseTable(terms, rows).Write(&b); err != nil {
		t.Fatal(err)
	}
	table, err := readSenses(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// Each content word has the weight of its sense, a stranger that of a common
// noun, and they stand in the order of the contents.
func TestTelling(t *testing.T) {
	table := senseOf(t, "аркуш", "бджол", "вагон")
	book, err := NewBook([]Entry{{ID: "a", Title: "вагон", Lang: Ukrainian}}, Options{Threshold: 1})
	if err != nil {
		t.Fatal(err)
	}
	words := understand("вагон та 17 бджола незнамщо вагони").words
	r := book.reader()
	defer r.close()
	r.look(words)
	var told telling
	table.tell(words, &told)
	contents := r.contents(words, nil)
	if len(told.words) != len(contents) || len(contents) != 3 {
		t.Fatalf("%d words are told of %d contents", len(told.words), len(contents))
	}
	for i, want := range []float32{3, 2, strangerWeight} {
		if got := told.words[i].weight; got < want-0.05 || got > want+0.05 {
			t.Errorf("%s weighs %v, want %v", contents[i].raw, got, want)
		}
	}
	if told.words[2].known || !told.words[0].known {
		t.Error("who is known is mixed up")
	}
}

// A word that the entry does not account for counts as what it tells.
func TestTellOfWhatIsLeft(t *testing.T) {
	book, err := NewBook([]Entry{
		{ID: "a", Title: "Де стоїть вагон?", Lang: Ukrainian}, {ID: "b", Title: "Де живе бджола?", Lang: Ukrainian},
	}, Options{Threshold: 1})
	if err != nil {
		t.Fatal(err)
	}
	book.UseSenses(senseOf(t, "аркуш", "бджол", "вагон"))
	evidenceOf := func(text, id string) (x [evidenceCount]float32) {
		for _, list := range book.Cases(text) {
			for _, c := range list {
				if c.EntryID == id {
					copy(x[:], c.Inputs)
				}
			}
		}
		return x
	}
	whole, part := evidenceOf("вагон", "a"), evidenceOf("вагон аркуш", "a")
	if whole[evTold] != 1 || whole[evToldRest] != 0 || whole[evUnheard] != 0 {
		t.Errorf("all is accounted for: %v %v %v", whole[evTold], whole[evToldRest], whole[evUnheard])
	}
	if part[evTold] >= 0.9 || part[evToldLoudest] < 0.9 || part[evFarthest] > 0.1 {
		t.Errorf("a word is left: %v %v %v", part[evTold], part[evToldLoudest], part[evFarthest])
	}
	if stranger := evidenceOf("вагон абракадабра", "a"); stranger[evUnheard] != 1 {
		t.Errorf("a stranger is left: %v", stranger[evUnheard])
	}
	if whole[evKeyed] != 1 || whole[evAgree] < 3 {
		t.Errorf("the only entry of a word: keyed %v, agreed by %v", whole[evKeyed], whole[evAgree])
	}
}

// A story's matter is found in the part that tells it.
func TestPartSenses(t *testing.T) {
	book, err := NewBook([]Entry{{ID: "a", Title: "вагон", Lang: Ukrainian}, {ID: "b", Title: "бджола", Lang: Ukrainian}}, Options{Threshold: 1})
	if err != nil {
		t.Fatal(err)
	}
	book.UseSenses(senseOf(t, "аркуш", "бджол", "вагон"))
	text := strings.Repeat("Бджола летіла собі далеко. ", 3) + "А той вагон стоїть?"
	for _, c := range book.Cases(text)[0] {
		if c.EntryID == "a" && !(c.Inputs[evPartSense] > 0.99 && c.Inputs[evSense] < 0.9) {
			t.Errorf("the whole is %v near, a part %v", c.Inputs[evSense], c.Inputs[evPartSense])
		}
	}
}
