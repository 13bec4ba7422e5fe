package library_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/embeddings"
	"github.com/poruch/poruch/knowledge/embeddings/embeddingstest"
	"github.com/poruch/poruch/knowledge/library"
	"github.com/poruch/poruch/knowledge/postgres"
)

// studio is a library with an endpoint, on a database of its own.
type studio struct {
	*library.Library
	server *embeddingstest.Server
	url    string
	tongue embeddingstest.Tongue
	plain  *knowledge.Book // the same entries, by words alone
	log    *logged
	learnt chan struct{} // a book has its vectors
	stop   func()
}

// logged is a log that says when a book has its vectors.
type logged struct {
	mu     sync.Mutex
	text   bytes.Buffer
	learnt chan struct{}
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if bytes.Contains(line, []byte("knowledge has its vectors")) {
		l.learnt <- struct{}{}
	}
	return l.text.Write(line)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// newStudio has an endpoint of its own. A question waits limit for its vector.
func newStudio(t *testing.T, db *database.DB, limit time.Duration) *studio {
	t.Helper()
	tongue := embeddingstest.NewTongue(12)
	s := studio{server: &embeddingstest.Server{Meanings: tongue.Meanings}, tongue: tongue}
	server := httptest.NewServer(s.server)
	t.Cleanup(server.Close)
	s.url = server.URL + "/v1"
	return s.replica(t, db, limit)
}

// replica is another library on the same endpoint. It runs LearnVectors until
// the test ends.
func (s studio) replica(t *testing.T, db *database.DB, limit time.Duration) *studio {
	t.Helper()
	s.learnt = make(chan struct{}, 10)
	s.log = &logged{learnt: s.learnt}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client, err := embeddings.NewClient(embeddings.Endpoint{URL: s.url, Key: embeddingstest.Key, Model: embeddingstest.Model})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	s.Library = libraryOn(db)
	s.Log = log
	s.Embed = embeddings.NewEmbedder(embeddings.Config{
		Client: client, Cache: postgres.Vectors{DB: db, Now: time.Now}, Limit: limit, Log: log,
	})
	if s.plain, err = knowledge.NewBook(s.entries(), knowledge.Options{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.LearnVectors(ctx) }()
	s.stop = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("LearnVectors = %v", err)
		}
	})
	t.Cleanup(s.stop)
	return &s
}

func (s *studio) entries() (list []knowledge.Entry) {
	for _, topic := range s.tongue.Topics {
		list = append(list, knowledge.Entry{
			ID: topic.ID, Title: topic.Title, Phrasings: topic.Phrasings, Lang: knowledge.Ukrainian,
			Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "Відповідь."},
		})
	}
	return list
}

// local is what words alone decide.
func (s *studio) local(text string) knowledge.Decision {
	return s.plain.Decide(knowledge.Question{Text: text, Private: true})
}

// A question that words hand off is answered once the book has its vectors; a
// second replica takes them all from the cache.
func TestVectorsAnswerWhatWordsHandOff(t *testing.T) {
	db := databasetest.New(t)
	s := newStudio(t, db, time.Minute)
	release := s.server.Hold() // the book waits for its vectors
	defer release()
	mustImport(t, s.Library, s.entries()...)
	text := s.tongue.Topics[7].Questions[0]
	if d := ask(t, s.Library, text); d.Action != knowledge.HandOff || !reflect.DeepEqual(d, s.local(text)) {
		t.Fatalf("without vectors: %+v", d)
	}
	release()
	<-s.learnt
	if asked := s.server.Asked(); strings.Contains(strings.Join(asked, "\n"), text) {
		t.Error("a customer's words were sent before they could help")
	}
	for range 2 {
		if d := ask(t, s.Library, text); d.Action != knowledge.Answer || d.Entry() != s.tongue.Topics[7].ID {
			t.Errorf("with vectors: %+v", d)
		}
	}
	if asked := s.server.Asked(); len(asked) != 1 {
		t.Errorf("asked %d times for one question", len(asked))
	}
	there := s.replica(t, db, time.Minute)
	ask(t, there.Library, "") // builds the book
	<-there.learnt
	if d := ask(t, there.Library, text); d.Action != knowledge.Answer || len(there.server.Asked()) > 0 {
		t.Errorf("another replica: %+v", d)
	}
}

// What rules settle, and phrasings word for word, are nobody else's business.
func TestFinalDecisionsAskNobody(t *testing.T) {
	s := newStudio(t, databasetest.New(t), time.Minute)
	mustImport(t, s.Library, s.entries()...)
	<-s.learnt
	s.server.Asked()
	for _, text := range []string{"Доброго дня!", "дякую", "покличте оператора", "шахраї, верніть гроші", "", s.tongue.Topics[0].Phrasings[0]} {
		if d := ask(t, s.Library, text); !reflect.DeepEqual(d, s.local(text)) {
			t.Errorf("%q: %+v, by words alone %+v", text, d, s.local(text))
		}
	}
	if asked := s.server.Asked(); len(asked) > 0 {
		t.Errorf("the endpoint heard %q", asked)
	}
}

// In whatever way the endpoint fails, the decision is the local one, and the
// next question is decided with vectors as soon as it works.
func TestEveryFaultLeavesTheLocalDecision(t *testing.T) {
	s := newStudio(t, databasetest.New(t), time.Minute)
	mustImport(t, s.Library, s.entries()...)
	<-s.learnt
	var questions []string // each is asked once, so that none is in the cache
	for _, topic := range s.tongue.Topics {
		questions = append(questions, topic.Questions...)
	}
	faults := slices.DeleteFunc(embeddingstest.Faults(), func(f embeddingstest.Fault) bool {
		return f == embeddingstest.TooMany || f == embeddingstest.Slow
	})
	for i, fault := range append(faults, embeddingstest.TooMany) {
		text := questions[i]
		s.server.Fail(fault)
		if d := ask(t, s.Library, text); !reflect.DeepEqual(d, s.local(text)) || d.Action != knowledge.HandOff {
			t.Errorf("%s: %+v, by words alone %+v", fault, d, s.local(text))
		}
		if asked := s.server.Asked(); len(asked) == 0 {
			t.Errorf("%s: the endpoint was not asked", fault)
		}
		s.server.Fail(embeddingstest.Working)
		answered := ask(t, s.Library, text).Action == knowledge.Answer
		if soon := fault != embeddingstest.TooMany; answered != soon { // that one wants a minute of silence
			t.Errorf("%s: answered %t after the endpoint works again", fault, answered)
		}
		s.server.Asked()
	}
	for _, secret := range append(questions, embeddingstest.Key) {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// A question does not wait for a slow endpoint, and neither does the end of
// LearnVectors.
func TestSlowEndpointHoldsNobodyUp(t *testing.T) {
	s := newStudio(t, databasetest.New(t), 20*time.Millisecond)
	mustImport(t, s.Library, s.entries()...)
	<-s.learnt
	s.server.Fail(embeddingstest.Slow)
	for range 10 { // the breaker opens on the way
		text := s.tongue.Topics[0].Questions[0]
		if d := ask(t, s.Library, text); !reflect.DeepEqual(d, s.local(text)) {
			t.Errorf("%+v, by words alone %+v", d, s.local(text))
		}
	}
	changed := s.entries()
	changed[3].Phrasings = append(changed[3].Phrasings, "зовсім нове слово")
	mustImport(t, s.Library, changed...)
	s.stop()
}

// A changed book is decided by words alone until it has its own vectors; only
// the new texts are asked for.
func TestChangedBookLearnsItsVectors(t *testing.T) {
	s := newStudio(t, databasetest.New(t), time.Minute)
	mustImport(t, s.Library, s.entries()...)
	<-s.learnt
	s.server.Asked()
	changed := s.entries()
	changed[3].Phrasings = append(changed[3].Phrasings, "зовсім нове слово")
	mustImport(t, s.Library, changed...)
	<-s.learnt
	if asked := s.server.Asked(); len(asked) != 1 || asked[0] != "зовсім нове слово" {
		t.Errorf("asked for %q", asked)
	}
	if d := ask(t, s.Library, s.tongue.Topics[7].Questions[0]); d.Action != knowledge.Answer {
		t.Errorf("%+v", d)
	}
}

// Without an embedder there is nothing to learn, and a vector that a caller
// might set changes nothing.
func TestLibraryWithoutEmbedder(t *testing.T) {
	l := libraryOn(databasetest.New(t))
	if err := l.LearnVectors(t.Context()); err != nil {
		t.Error(err)
	}
	mustImport(t, l, entry("a", "Де чек", "1"))
	if d := ask(t, l, "Де чек?"); d.Entry() != "a" {
		t.Errorf("%+v", d)
	}
}
