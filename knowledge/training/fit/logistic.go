package main

import "math"

// example is one row of a logistic regression.
type example struct {
	x      []float64
	y      bool
	weight float64
}

// logistic fits weights by Newton's method, with a small pull to zero.
func logistic(list []example) []float64 {
	n := len(list[0].x)
	w := make([]float64, n)
	for range 30 {
		g, h := make([]float64, n), make([][]float64, n)
		for i := range n {
			h[i] = make([]float64, n)
			h[i][i] = 1e-2
			g[i] = -1e-2 * w[i]
		}
		for _, e := range list {
			p := sigmoid(dot(w, e.x))
			y := 0.0
			if e.y {
				y = 1
			}
			for i, a := range e.x {
				g[i] += e.weight * (y - p) * a
				for j, b := range e.x {
					h[i][j] += e.weight * p * (1 - p) * a * b
				}
			}
		}
		for i, step := range solve(h, g) {
			w[i] += step
		}
	}
	return w
}

// solve is Gauss's elimination; it spoils its arguments.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for c := range n {
		p := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p], b[c], b[p] = a[p], a[c], b[p], b[c]
		for r := c + 1; r < n; r++ {
			f := a[r][c] / a[c][c]
			for k := c; k < n; k++ {
				a[r][k] -= f * a[c][k]
			}
			b[r] -= f * b[c]
		}
	}
	x := make([]float64, n)
	for r := n - 1; r >= 0; r-- {
		x[r] = b[r]
		for k := r + 1; k < n; k++ {
			x[r] -= a[r][k] * x[k]
		}
		x[r] /= a[r][r]
	}
	return x
}

func dot(w, x []float64) (sum float64) {
	for i, v := range x {
		sum += w[i] * v
	}
	return sum
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
