package crash_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens/standin"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// lens is a DataLens that kills who publishes at one of the requests.
type lens struct {
	*standin.Server
	address string
	n       int // requests so far; they come one after the other
	at      int // the request at which it strikes, from 1; 0: at none
	moment  moment
	kill    func()
	cut     string // the method that was struck
}

// ServeHTTP takes a request to the DataLens and strikes before it is carried out, or after: before or behind the
// answer.
func (l *lens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.n++
	struck := l.n == l.at
	if struck {
		l.cut = strings.TrimPrefix(r.URL.Path, "/rpc/")
		if l.moment == before {
			l.kill()
			panic(http.ErrAbortHandler)
		}
	}
	answer := httptest.NewRecorder()
	l.Config.Handler.ServeHTTP(answer, r)
	if struck && l.moment == after {
		l.kill()
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
	if struck {
		_ = http.NewResponseController(w).Flush()
		l.kill()
	}
}

// answered: the process learns that the request was carried out, and dies.
const answered moment = "answered"

// newLens is one without a workbook.
func newLens(t testing.TB) *lens {
	t.Helper()
	l := &lens{Server: standin.New(standin.Options{Org: "org", Token: "canary-of-DataLens"})}
	t.Cleanup(l.Close)
	l.address = "http://127.0.0.1:" + strconv.Itoa(listen(t, l))
	return l
}

// TestPublishIsKilledAnywhere: "datalens publish" is killed at every request, before it is carried out and after it,
// and at some with the answer in hand. The next run ends well, with the same workbook to the byte as a run that nobody
// killed: nothing is missing, twice, or revised twice.
func TestPublishIsKilledAnywhere(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	reader := testkit.As(t, db, embedded.Reader)
	port := strconv.Itoa(testkit.Engine(t).HTTPPort())
	start := func(t testing.TB, l *lens) *loader {
		return startProgram(t, []string{
			"CLICKHOUSE_HOST=" + db.Host, "CLICKHOUSE_PORT=" + strconv.Itoa(db.Port), "CLICKHOUSE_DATABASE=" + db.Database,
			"CLICKHOUSE_USER=" + db.User, "CLICKHOUSE_PASSWORD=" + db.Password, "ORG_NAME=crash",
			"CLICKHOUSE_READER_PASSWORD=" + reader.Password, "DATALENS_TOKEN=canary-of-DataLens",
			"DATALENS_CLICKHOUSE_HOST=127.0.0.1", "DATALENS_CLICKHOUSE_PORT=" + port, "DATALENS_CLICKHOUSE_SECURE=false",
		}, "datalens", "publish", "--org", "org", "--workbook", "new", "--api", l.address)
	}
	whole := newLens(t)
	start(t, whole).must(ok)
	requests, want := whole.n, whole.State()
	places := []int{requests / 3, requests - 9} // a dataset, a number
	if !testing.Short() {
		places = nil
		for at := range requests {
			places = append(places, at+1)
		}
	}
	for _, at := range places {
		t.Run(fmt.Sprint("request ", at), func(t *testing.T) {
			t.Parallel()
			for _, when := range []moment{before, after, answered} {
				if when != answered || at%10 == 1 { // with the answer the workbook is that of before the next request
					publishKilled(t, start, at, when, want)
				}
			}
		})
	}
	t.Logf("%d requests, killed at %d", requests, len(places))
}

// publishKilled kills one publication at a place; the next makes the workbook that is wanted.
func publishKilled(t *testing.T, start func(testing.TB, *lens) *loader, at int, when moment, want string) {
	t.Helper()
	l := newLens(t)
	l.at, l.moment = at, when
	ready := make(chan struct{})
	var run *loader
	l.kill = func() { <-ready; run.kill() }
	run = start(t, l)
	close(ready)
	run.wait()
	if l.cut == "" {
		t.Fatalf("killed %s request %d: it was not made", when, at)
	}
	second := start(t, l)
	second.must(ok)
	if got := l.State(); got != want {
		t.Fatalf("killed %s %s: the workbook is not the same:\n%s\nwant\n%s\n%s", when, l.cut, got, want, second.text())
	}
	if refused := l.Refused(); refused != nil {
		t.Fatalf("killed %s %s: the interface was broken: %q", when, l.cut, refused)
	}
}
