package sense_test

import (
	"reflect"
	"testing"

	"github.com/poruch/poruch/knowledge/training/sense"
)

// Two brands speak of the same two matters with words that never meet in one
// text: what one brand's messages teach holds for the other's.
func TestWordsThatAskTheSameLieTogether(t *testing.T) {
	texts := func(lists ...string) (out [][]string) {
		for _, l := range lists {
			var terms []string
			for _, r := range l {
				terms = append(terms, string(r))
			}
			out = append(out, terms)
		}
		return out
	}
	brand := sense.Brand{
		Phrasings: [][][]string{texts("ab", "ac", "ad"), texts("xy", "xz", "xv"), texts("kl", "km", "kn")},
		Messages:  [][][]string{texts("e", "ef", "fe"), texts("u", "uw", "wu"), texts("o", "op", "po")},
	}
	names, rows := sense.Learn([]sense.Brand{brand, brand, brand})
	at := map[string][]float32{}
	for i, name := range names {
		at[name] = rows[i]
	}
	dot := func(a, b string) (sum float32) {
		for d := range at[a] {
			sum += at[a][d] * at[b][d]
		}
		return sum
	}
	for _, c := range [][3]string{{"e", "a", "x"}, {"u", "x", "a"}, {"o", "k", "x"}, {"f", "a", "k"}} {
		if dot(c[0], c[1]) <= dot(c[0], c[2]) {
			t.Errorf("%s lies nearer to %s than to %s", c[0], c[2], c[1])
		}
	}
	if n, r := sense.Learn([]sense.Brand{brand, brand, brand}); !reflect.DeepEqual(n, names) || !reflect.DeepEqual(r, rows) {
		t.Error("the same brands gave other senses")
	}
}
