package alert

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// post is Telegram, and a state folder that is read anew for every evaluation.
type post struct {
	*testing.T
	telegram *testkit.Telegram
	urls     string
	dir      string
	now      time.Time
}

func newPost(t *testing.T, chat string) *post {
	telegram := testkit.ServeTelegram(t)
	return &post{T: t, telegram: telegram, urls: telegram.URL(chat), dir: t.TempDir(), now: noon}
}

func (p *post) evaluate(after time.Duration, findings ...Finding) Outcome {
	p.Helper()
	p.now = p.now.Add(after)
	state, err := Open(p.Context(), p.dir)
	if err != nil {
		p.Fatal(err)
	}
	defer state.Close()
	state.Value.Apply(findings, p.now)
	o := state.Value.Deliver(p.Context(), Delivery{
		Channels: channels(p.T, p.urls), Lang: "en", Now: p.now, Save: state.Save,
	})
	if err := state.Save(); err != nil {
		p.Fatal(err)
	}
	return o
}

func (p *post) heard(want ...string) {
	p.Helper()
	var said []string
	for _, text := range p.telegram.Texts() {
		title, _, _ := strings.Cut(text, "\n")
		said = append(said, title)
	}
	if diff := cmp.Diff(want, said); diff != "" {
		p.Errorf("-want +heard:\n%s", diff)
	}
}

// TestFault2_5_GroupBecameASupergroup: the new id is used at once, kept, told once, and when it stands in the address
// nobody hears old things again.
func TestFault2_5_GroupBecameASupergroup(t *testing.T) {
	t.Parallel()
	p := newPost(t, "-100")
	p.evaluate(0, firing("no_data", 0))
	p.heard("-100: QTickets: no fresh data")

	p.telegram.Upgrade("-100", -1001234)
	o := p.evaluate(5*time.Minute, firing("no_data", 0), firing("quarantine", 1))
	p.heard("-1001234: QTickets: rows in quarantine that cannot be parsed")
	if o.Err != nil || o.Sent != 1 || len(o.Notes) != 1 || !strings.Contains(o.Notes[0], "-1001234") ||
		!strings.Contains(o.Notes[0], "ALERT_URLS") {
		t.Errorf("%+v", o)
	}
	p.telegram.Asked()
	o = p.evaluate(5*time.Minute, clearFinding("no_data"), firing("quarantine", 1))
	p.heard("-1001234: QTickets: over: no fresh data")
	if len(o.Notes) != 0 || p.telegram.Asked() != 1 {
		t.Errorf("said again: %q", o.Notes)
	}

	p.urls = p.telegram.URL("-1001234")
	p.evaluate(5*time.Minute, clearFinding("no_data"), firing("quarantine", 1))
	p.heard()
	p.evaluate(5*time.Minute, clearFinding("no_data"), clearFinding("quarantine"))
	p.heard("-1001234: QTickets: over: rows in quarantine that cannot be parsed")
}

// TestFault2_5_RefusedForGood: an answer only a person can change is said with what to do, and is not asked for again
// every five minutes; once it has changed, nothing is lost.
func TestFault2_5_RefusedForGood(t *testing.T) {
	t.Parallel()
	for answer, says := range map[string]string{
		"403 Forbidden: bot was blocked by the user":          "press Start",
		"403 Forbidden: bot was kicked from the group chat":   "add it to the group again",
		"400 Bad Request: chat not found":                     "compare the id",
		"400 Bad Request: not enough rights to send messages": "may write there",
		"401 Unauthorized":                                    "@BotFather",
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			p := newPost(t, "7")
			p.telegram.Refuse("7", answer)
			for range 12 { // an hour
				o := p.evaluate(5*time.Minute, firing("no_data", 0), firing("quarantine", 1))
				if o.Failed != 2 || o.Err == nil || !strings.Contains(o.Err.Error(), says) {
					t.Errorf("%+v, want %q", o, says)
				}
				checkHidden(t, o.Err)
			}
			if n := p.telegram.Asked(); n != 1 {
				t.Errorf("asked %d times in an hour", n)
			}
			p.telegram.Refuse("7", "")
			if o := p.evaluate(5*time.Minute, firing("no_data", 0)); o.Err != nil || o.Sent != 2 {
				t.Errorf("%+v after it was let in again", o)
			}
		})
	}
}

// TestFault2_5_PassesByItself: too many messages and an outage are no such answer.
func TestFault2_5_PassesByItself(t *testing.T) {
	t.Parallel()
	p := newPost(t, "7")
	for _, answer := range []string{"429 Too Many Requests: retry after 3", "500 Internal Server Error"} {
		p.telegram.Refuse("7", answer)
		if o := p.evaluate(5*time.Minute, firing("no_data", 0)); o.Failed != 1 {
			t.Errorf("%s: %+v", answer, o)
		}
	}
	p.telegram.Refuse("7", "")
	p.evaluate(5*time.Minute, firing("no_data", 0))
	p.heard("7: QTickets: no fresh data")
}
