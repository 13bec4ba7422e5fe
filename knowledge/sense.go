package knowledge

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the table
	"encoding/binary"
	"fmt"
	"io"
	"math"
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

	once sync.Once
	rows []int32 // see meanings
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
	add := func(row int32) {
		all++
		if row != none {
			n++
			t.add(row, &s)
		}
	}
	for _, w := range words {
		if isContent(w) {
			add(found(t.terms, w.stem))
		}
	}
	meanings := t.meanings()
	eachMeaning(words, func(place int32, _, _ int) { add(meanings[place]) })
	s.normalise()
	if all > 0 {
		known = n / all
	}
	return s, known
}

func (t *SenseTable) add(row int32, s *sense) {
	scale := t.scales[row]
	for d, v := range (*[senseSize]int8)(t.senses[int(row)*senseSize:]) {
		s[d] += scale * float32(v)
	}
}

// meanings is the row of each meaning, by its place in the lexicon.
func (t *SenseTable) meanings() []int32 {
	t.once.Do(func() {
		for _, tag := range lexicons().concepts.tags {
			t.rows = append(t.rows, found(t.terms, "#"+tag))
		}
	})
	return t.rows
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
