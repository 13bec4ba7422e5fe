// Package postgres keeps brands' knowledge in Postgres and answers from it. A
// Library holds one immutable knowledge.Book per brand; Import changes the rows
// and the version in one transaction, and Refresh replaces the books whose
// version grew, in this replica as in every other. gorm stays in here.
package postgres
