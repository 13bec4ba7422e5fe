package synthetic

import (
	"math"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// grower draws words.
type grower struct {
	rand  *rand.Rand
	words []string // of the seeds, in the order of their appearance
}

// kind is what a grown entry is about.
type kind struct {
	seed Seed
	swap map[string]string // lower-case word -> the word in its place
	name string            // of the thing that it is about; "" for the seed as it is
}

// Invented words are joined of these, as unevenly as a language draws words.
var syllables = strings.Fields(`ва ре ко ла ми на ро си та фе хо ці ши юн де бра кли ста три шве пло зен лар мік нор
	пат рум сол тер віз гал дон жук кар лев мор нік пор рід сан тур фар чен тів бер лош вин`)

const (
	// inventions is how many words can be invented.
	inventions = 40_000
	// swapped is the share of the longer words of a seed that a kind changes.
	swapped = 0.3
	// longWord is how many letters such a word has at least.
	longWord = 5
)

func (g *grower) learn(seeds []Seed) {
	seen := map[string]bool{}
	for _, s := range seeds {
		for _, text := range taught(s) {
			eachWord(text, func(w string) string {
				if low := strings.ToLower(w); utf8.RuneCountInString(w) >= longWord && !seen[low] {
					seen[low] = true
					g.words = append(g.words, low)
				}
				return w
			})
		}
	}
}

// kind draws what the nth entry of a seed is about; the first is the seed.
func (g *grower) kind(s Seed, n int) kind {
	k := kind{seed: s, swap: map[string]string{}}
	if n == 0 {
		return k
	}
	k.name = g.invent()
	for _, text := range append(taught(s), asked(s)...) {
		eachWord(text, func(w string) string {
			low := strings.ToLower(w)
			if _, known := k.swap[low]; known || utf8.RuneCountInString(w) < longWord {
				return w
			}
			k.swap[low] = low
			switch x := g.rand.Float64(); {
			case x < swapped/2 && len(g.words) > 0:
				k.swap[low] = g.words[g.uneven(len(g.words))]
			case x < swapped:
				k.swap[low] = g.invent()
			}
			return w
		})
	}
	return k
}

// uneven draws from 0 to n-1: each twice as far is half as likely.
func (g *grower) uneven(n int) int {
	return min(int(math.Exp(g.rand.Float64()*math.Log(float64(n+1)))-1), n-1)
}

func (g *grower) invent() string {
	var b strings.Builder
	for n := g.uneven(inventions) + 40; n > 0; n /= len(syllables) {
		b.WriteString(syllables[n%len(syllables)])
	}
	return b.String()
}

// swap puts the words of a kind in place of the seed's.
func (g *grower) swap(k kind, text string) string {
	text = eachWord(text, func(w string) string {
		if other, ok := k.swap[strings.ToLower(w)]; ok && other != strings.ToLower(w) {
			return other
		}
		return w
	})
	if k.name != "" && g.rand.IntN(2) == 0 {
		text = strings.TrimRight(text, "?!. ") + " " + k.name + "?"
	}
	return text
}

// say makes one of the texts a thing that another person might say.
func (g *grower) say(k kind, texts []string) string {
	text := texts[g.rand.IntN(len(texts))]
	if g.rand.IntN(4) == 0 { // half of this, half of that
		a, b := strings.Fields(text), strings.Fields(texts[g.rand.IntN(len(texts))])
		text = strings.Join(append(a[:(len(a)+1)/2:(len(a)+1)/2], b[len(b)/2:]...), " ")
	}
	words := strings.Fields(g.swap(k, text))
	if len(words) > 3 && g.rand.IntN(2) == 0 {
		i := g.rand.IntN(len(words))
		words = append(words[:i], words[i+1:]...)
	}
	if i := g.rand.IntN(len(words)); g.rand.IntN(4) == 0 {
		words[i] = g.slip(words[i])
	}
	if g.rand.IntN(8) == 0 {
		words = append([]string{"підкажіть,"}, words...)
	}
	return strings.Join(words, " ")
}

// slip swaps two letters of a word.
func (g *grower) slip(word string) string {
	rs := []rune(word)
	if len(rs) < 4 {
		return word
	}
	i := 1 + g.rand.IntN(len(rs)-2)
	rs[i], rs[i+1] = rs[i+1], rs[i]
	return string(rs)
}

// eachWord replaces every run of letters of a text.
func eachWord(text string, replace func(string) string) string {
	var out strings.Builder
	start := -1
	flush := func(to int) {
		if start >= 0 {
			out.WriteString(replace(text[start:to]))
			start = -1
		}
	}
	for i, r := range text {
		if unicode.IsLetter(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		flush(i)
		out.WriteRune(r)
	}
	flush(len(text))
	return out.String()
}
