package knowledge

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed" // the table
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

// senseSize is the number of dimensions of a sense.
const senseSize = 96

// sense is where a text lies among all that customers ask: texts that ask the
// same lie near each other, whatever their words. Its length is 1, or 0 for a
// text of which nothing is known.
type sense [senseSize]float32

// SenseTable has the sense of each term, a stem or "#" and a meaning, as
// knowledge/training/fit learnt it from the training brands.
type SenseTable struct {
	terms map[string]int32
	// senses holds each term's numbers in 127ths of its scale.
	senses []int8
	scales []float32
}

// NewSenseTable packs senses: one row of senseSize numbers for each term.
func NewSenseTable(terms []string, rows [][]float32) *SenseTable {
	t := &SenseTable{terms: make(map[string]int32, len(terms)), senses: make([]int8, 0, len(terms)*senseSize)}
	for i, term := range terms {
		var most float32
		for _, v := range rows[i] {
			most = max(most, float32(math.Abs(float64(v))))
		}
		t.terms[term] = int32(i)
		t.scales = append(t.scales, most/127)
		for _, v := range rows[i] {
			q := int8(0)
			if most > 0 {
				q = int8(math.Round(float64(v / most * 127)))
			}
			t.senses = append(t.senses, q)
		}
	}
	return t
}

// Write packs the table: per term its length, its letters, its scale and its
// numbers, compressed.
func (t *SenseTable) Write(w io.Writer) error {
	names := make([]string, len(t.terms))
	for term, i := range t.terms {
		names[i] = term
	}
	var b bytes.Buffer
	for i, term := range names {
		b.WriteByte(byte(len(term)))
		b.WriteString(term)
		_ = binary.Write(&b, binary.LittleEndian, t.scales[i])
		for _, v := range t.senses[i*senseSize : (i+1)*senseSize] {
			b.WriteByte(byte(v))
		}
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(b.Bytes()); err != nil {
		return err
	}
	return z.Close()
}

//go:embed model/senses.gz
var senseFile []byte

var senses = sync.OnceValue(func() *SenseTable {
	t, err := readSenses(senseFile)
	if err != nil {
		panic(err) // embedded: a mistake of the build, found by any test
	}
	return t
})

func readSenses(packed []byte) (*SenseTable, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read senses: %w", err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("read senses: %w", err)
	}
	t := &SenseTable{terms: map[string]int32{}}
	for len(raw) > 0 {
		n := int(raw[0])
		if len(raw) < 1+n+4+senseSize {
			return nil, fmt.Errorf("read senses: cut off")
		}
		t.terms[string(raw[1:1+n])] = int32(len(t.scales))
		t.scales = append(t.scales, math.Float32frombits(binary.LittleEndian.Uint32(raw[1+n:])))
		for _, v := range raw[1+n+4 : 1+n+4+senseSize] {
			t.senses = append(t.senses, int8(v))
		}
		raw = raw[1+n+4+senseSize:]
	}
	return t, nil
}

// of is the sense of words, and the share of their terms that the table knows.
func (t *SenseTable) of(words []word) (s sense, known float32) {
	var n, all float32
	eachTerm(words, func(key string) {
		all++
		i, ok := t.terms[key]
		if !ok {
			return
		}
		n++
		scale := t.scales[i]
		for d, v := range t.senses[int(i)*senseSize : (int(i)+1)*senseSize] {
			s[d] += scale * float32(v)
		}
	})
	s.normalise()
	if all > 0 {
		known = n / all
	}
	return s, known
}

func (s *sense) normalise() {
	var sum float64
	for _, v := range s {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		return
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range s {
		s[i] *= scale
	}
}

func (s *sense) dot(o *sense) (sum float32) {
	for i, v := range s {
		sum += v * o[i]
	}
	return sum
}

// sensed is where a book's phrasings lie.
type sensed struct {
	table   *SenseTable
	docs    []sense
	centres []sense
	spans   []span
}

func newSensed(t *SenseTable, ix *index) *sensed {
	s := &sensed{table: t, spans: ix.entries}
	for _, d := range ix.docs {
		v, _ := t.of(d.words)
		s.docs = append(s.docs, v)
	}
	for _, e := range ix.entries {
		var c sense
		for d := e.from; d < e.to; d++ {
			for i, v := range s.docs[d] {
				c[i] += v
			}
		}
		c.normalise()
		s.centres = append(s.centres, c)
	}
	return s
}

// closeness of a text to each entry: to its centre and to its two nearest
// phrasings.
func (s *sensed) closeness(words []word) (centre, nearest []float64, known float32) {
	v, known := s.table.of(words)
	centre, nearest = make([]float64, len(s.centres)), make([]float64, len(s.centres))
	for e := range s.centres {
		centre[e] = float64(v.dot(&s.centres[e]))
		var best []float32
		for d := s.spans[e].from; d < s.spans[e].to; d++ {
			best = append(best, v.dot(&s.docs[d]))
		}
		slices.SortFunc(best, func(a, b float32) int { return cmp.Compare(b, a) })
		for _, x := range best[:min(2, len(best))] {
			nearest[e] += float64(x) / float64(min(2, len(best)))
		}
	}
	return centre, nearest, known
}

// Terms are a text's terms as senses know them, in its most telling script.
func (b *Book) Terms(text string) (terms []string) {
	m := understand(text)
	best := -1
	for _, words := range b.views(m, languageOf(m)) {
		var list []string
		n := 0
		eachTerm(withoutPoliteness(words), func(key string) {
			list = append(list, key)
			if key[0] == '#' {
				n++
			}
		})
		if n > best {
			best, terms = n, list
		}
	}
	return terms
}

// UseSenses replaces the table, for whoever fits the judgement.
func (b *Book) UseSenses(t *SenseTable) { b.sensed = newSensed(t, b.index) }
