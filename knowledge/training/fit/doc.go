// Command fit learns the judgement and the senses that the matcher ships with
// from the training brands and the public sets, and measures both on brands and
// sets that they never saw:
//
//	go run ./knowledge/training/fit            # measure
//	go run ./knowledge/training/fit -write     # measure, and write knowledge/model
//
// Run it whenever the evidence, the lexicon or the training brands change.
package main
