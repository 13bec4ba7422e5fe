package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/training/boost"
)

// save writes what the program embeds.
func save(m *boost.Model, table *knowledge.SenseTable, c calibration, t []threshold) error {
	j := knowledge.Judgement{Inputs: knowledge.EvidenceNames(), Top: c.top, Among: c.among}
	j.Pair.Bias = m.Bias
	for _, nodes := range m.Trees {
		var tree knowledge.Tree
		for _, n := range nodes {
			tree = append(tree, knowledge.Node{Input: n.Input, Cut: n.Cut, Left: n.Left, Value: float32(n.Value)})
		}
		j.Pair.Trees = append(j.Pair.Trees, tree)
	}
	for _, x := range t {
		j.Shares, j.Confidences = append(j.Shares, x.share), append(j.Confidences, x.confidence)
	}
	for path, write := range map[string]func(io.Writer) error{"knowledge/model/judgement.json.gz": j.Write, "knowledge/model/senses.gz": table.Write} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return err
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			return err
		}
		fmt.Println("wrote", path, b.Len(), "bytes")
	}
	return nil
}
