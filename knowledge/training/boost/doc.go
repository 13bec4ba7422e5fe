// Package boost grows regression trees that together give a probability:
// gradient boosting with the logistic loss on binned inputs (Friedman, "Greedy
// Function Approximation", 2001), small and deterministic. Only the fit
// command uses it; the program reads what it wrote.
package boost
