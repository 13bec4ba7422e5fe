// Package files reads and writes knowledge as people keep it in files: YAML,
// JSONL, spreadsheets as CSV, and Markdown documents. It checks what it reads,
// lists every mistake with its line, and takes all of a file or nothing. What it
// writes it reads back the same, or it refuses to write it.
//
// The commands `poruch kb …` and the first start call it; what it returns goes
// to package knowledge or its stores.
package files
