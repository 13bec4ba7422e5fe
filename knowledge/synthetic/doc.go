// Package synthetic grows a large knowledge base, and questions to it, from a
// small one, so that size can be measured without a large brand's knowledge.
//
// What grows is hard on purpose: the entries that come of one seed share most
// of its words, and differ in some that are drawn as unevenly as the words of
// a language are. The same seeds always give the same base. The benchmarks of
// package knowledge and `poruch bench match` use it; nothing that serves
// customers does.
package synthetic
