package demo

import "sync"

// place is a chat, or one topic of a forum, as one customer sees it.
type place struct {
	me, chat int64
	topic    int
}

// marks remember up to which message each customer has read each place.
type marks struct {
	mu   sync.Mutex
	upTo map[place]int
}

func (m *marks) set(p place, message int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.upTo == nil {
		m.upTo = map[place]int{}
	}
	m.upTo[p] = max(m.upTo[p], message)
}

func (m *marks) get(p place) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.upTo[p]
}
