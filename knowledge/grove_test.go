package knowledge

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A grove says what its forest says, whatever the trees and the inputs.
func TestAGroveIsItsForest(t *testing.T) {
	number := rapid.OneOf(rapid.Float32(), rapid.SampledFrom([]float32{0, float32(math.Copysign(0, -1)), 1, -1, 0.5}))
	rapid.Check(t, func(t *rapid.T) {
		f := Forest{Bias: rapid.Float64Range(-5, 5).Draw(t, "bias")}
		for range rapid.IntRange(0, 5).Draw(t, "trees") {
			tree := Tree{{}}
			for at := 0; at < len(tree); at++ {
				if len(tree) < 40 && rapid.Bool().Draw(t, "inner") {
					tree[at] = Node{Input: rapid.IntRange(0, evidenceCount-1).Draw(t, "input"), Cut: number.Draw(t, "cut"), Left: len(tree)}
					tree = append(tree, Node{}, Node{})
				} else {
					tree[at].Value = rapid.Float32Range(-3, 3).Draw(t, "value")
				}
			}
			f.Trees = append(f.Trees, tree)
		}
		if err := f.check(evidenceCount); err != nil {
			t.Fatal(err)
		}
		rows := make([]evidence, rapid.IntRange(0, 9).Draw(t, "rows"))
		var want []float64
		for i := range rows {
			for j := range rows[i].x {
				if rapid.Bool().Draw(t, "is set") {
					rows[i].x[j] = number.Draw(t, "input")
				}
			}
			want = append(want, f.sum(rows[i].x[:]))
		}
		if got := plant(&f).sums(rows, nil); !slices.Equal(got, want) {
			t.Errorf("the grove says %v, the forest %v", got, want)
		}
	})
}

func TestNumberSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int32Range(0, 10_000)
		members := rapid.SliceOf(number).Draw(t, "members")
		s := newNumberSet(members)
		for _, m := range append(members, number.Draw(t, "other"), none) {
			if got, want := s.has(m), slices.Contains(members, m); got != want {
				t.Errorf("%d: %t", m, got)
			}
		}
	})
}

// A lexicon finds what a walk over all its phrases would.
func TestLexiconFindsEveryPhrase(t *testing.T) {
	word := rapid.StringMatching(`[абвг]{1,4}`)
	rapid.Check(t, func(t *rapid.T) {
		item := rapid.Custom(func(t *rapid.T) string {
			words := rapid.SliceOfN(word, 1, 3).Draw(t, "words")
			for i := range words {
				if rapid.Bool().Draw(t, "begins so") {
					words[i] += "*"
				}
			}
			return strings.Join(words, " ")
		})
		items := rapid.SliceOfNDistinct(item, 1, 20, rapid.ID).Draw(t, "items")
		l, err := parseLexicon("test", "tag: "+strings.Join(items, ", "))
		if err != nil {
			t.Fatal(err)
		}
		words := read(strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "text"), " ")).words
		var got, want []string
		l.find(words, func(_ string, start, n int) {
			got = append(got, strings.Repeat("-", start)+strings.Repeat("+", n))
		})
		seen := map[string]bool{}
		for _, item := range items {
			parts := read(strings.ReplaceAll(item, "*", "")).words
			key := ""
			for i, w := range strings.Fields(item) {
				key += parts[i].fold + strings.TrimLeft(w, "абвг") + " "
			}
			if seen[key] {
				continue // one phrase when folded
			}
			seen[key] = true
			for start := 0; start+len(parts) <= len(words); start++ {
				fits := true
				for i, p := range strings.Fields(key) {
					bare, prefix := strings.CutSuffix(p, "*")
					fold := words[start+i].fold
					fits = fits && (fold == bare || prefix && strings.HasPrefix(fold, bare))
				}
				if fits {
					want = append(want, strings.Repeat("-", start)+strings.Repeat("+", len(parts)))
				}
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
	})
}

// Signs that are letters to Unicode and nothing when folded are words of their
// own, and no mistake.
func TestWordsThatFoldToNothing(t *testing.T) {
	book := coffeeBook(t)
	for _, text := range []string{"ь", "ъь", "ь доставка", "Скільки ь коштує доставка?"} {
		if d := book.Decide(Question{Text: text, Private: true}); d.Threshold == 0 {
			t.Errorf("%q: %+v", text, d)
		}
	}
}
