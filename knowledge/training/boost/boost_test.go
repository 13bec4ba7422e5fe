package boost_test

import (
	"reflect"
	"testing"

	"github.com/poruch/poruch/knowledge/training/boost"
)

func options() boost.Options {
	return boost.Options{Trees: 60, Depth: 3, Rate: 0.2, MinWeight: 1, Ridge: 1, Columns: 1, Rows: 1}
}

// xor is what no sum of single inputs can tell.
func xor() (list []boost.Sample) {
	for i := range 400 {
		a, b := float32(i%20)/20, float32(i/20)/20
		list = append(list, boost.Sample{X: []float32{a, b, float32(i % 7)}, Y: (a < 0.5) != (b < 0.5), Weight: 1})
	}
	return list
}

func TestGrowLearnsWhatInputsMeanTogether(t *testing.T) {
	list := xor()
	m := boost.Grow(list, options())
	wrong := 0
	for _, s := range list {
		if (m.Sum(s.X) > 0) != s.Y {
			wrong++
		}
	}
	if wrong > 8 {
		t.Errorf("%d of %d are wrong", wrong, len(list))
	}
	if m.Gain[2] > m.Gain[0]/5 {
		t.Errorf("noise explains %v", m.Gain)
	}
	if again := boost.Grow(list, options()); !reflect.DeepEqual(again, m) {
		t.Error("the same samples gave another model")
	}
}
