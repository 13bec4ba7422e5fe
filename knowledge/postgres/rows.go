package postgres

import (
	"maps"
	"slices"
	"time"

	"github.com/poruch/poruch/knowledge"
)

type bookRow struct {
	Brand      string `gorm:"primaryKey"`
	Version    int64
	Source     string
	ImportedAt time.Time
}

func (bookRow) TableName() string { return "knowledge_books" }

type entryRow struct {
	Brand     string                    `gorm:"primaryKey"`
	ID        string                    `gorm:"primaryKey"`
	Title     string                    `gorm:"column:title"`
	Phrasings []string                  `gorm:"serializer:json"`
	Answers   map[knowledge.Lang]string `gorm:"serializer:json"`
	Tags      []string                  `gorm:"serializer:json"`
	Lang      string
	Position  int
	CreatedAt time.Time
	UpdatedAt time.Time
}

func (entryRow) TableName() string { return "knowledge_entries" }

// rowOf writes empty lists as [], which the columns ask for; nil would be null.
func rowOf(brand string, position int, e knowledge.Entry, now time.Time) entryRow {
	row := entryRow{
		Brand: brand, ID: e.ID, Title: e.Title, Phrasings: e.Phrasings, Answers: e.Answers, Tags: e.Tags,
		Lang: string(e.Lang), Position: position, CreatedAt: now, UpdatedAt: now,
	}
	if row.Phrasings == nil {
		row.Phrasings = []string{}
	}
	if row.Tags == nil {
		row.Tags = []string{}
	}
	if row.Answers == nil {
		row.Answers = map[knowledge.Lang]string{}
	}
	return row
}

func (r entryRow) entry() knowledge.Entry {
	return knowledge.Entry{
		ID: r.ID, Title: r.Title, Phrasings: r.Phrasings, Answers: r.Answers, Tags: r.Tags, Lang: knowledge.Lang(r.Lang),
	}
}

// says whether two rows hold the same entry; its place in the file is apart.
func (r entryRow) says(o entryRow) bool {
	return r.Title == o.Title && r.Lang == o.Lang && slices.Equal(r.Phrasings, o.Phrasings) &&
		slices.Equal(r.Tags, o.Tags) && maps.Equal(r.Answers, o.Answers)
}
