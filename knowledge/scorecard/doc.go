// Package scorecard says how well a brand's answers serve: how many questions
// were asked, answered, confirmed and wrong, by entry, by language and in all.
// It holds what each figure means; knowledge/postgres counts them. The command
// "poruch kb score" shows them, and the trainers' library takes Precision from
// here to decide what an entry may do by itself.
//
// What people confirmed and what nobody complained about are two figures and
// are never added up.
package scorecard
