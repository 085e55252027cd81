package access

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Bounds of sessions.
const (
	mostSessions  = 2000
	sessionLength = 90 * 24 * time.Hour
)

// sessions are the browsers that signed in by the form. They outlive a start of the program in a file beside that of
// the users, which holds hashes of their tokens alone; where it cannot be written they end with the process.
type sessions struct {
	file string
	log  *slog.Logger

	mu   sync.Mutex
	open map[string]session // by the hash of the token
}

// session ends with the password it was opened with. One that was signed out stays for its time, so that it is known
// when its person signed in.
type session struct {
	Name  string    `json:"name"`
	Login string    `json:"login"` // hash of the person's hash; "": signed out, it opens nothing
	Until time.Time `json:"until"`
}

func newSessions(file string, log *slog.Logger) *sessions {
	s := &sessions{file: file, log: log, open: map[string]session{}}
	if text, err := readBounded(file); err == nil {
		if err := json.Unmarshal(text, &s.open); err != nil || s.open == nil {
			s.open = map[string]session{}
			log.Warn("Sessions are lost: everybody signs in again", "file", file)
		}
	}
	return s
}

// begin signs the person in in this browser.
func (s *sessions) begin(w http.ResponseWriter, r *http.Request, p Person, now time.Time) {
	token := rand.Text()
	s.change(now, func() {
		s.open[hashOf(token)] = session{p.Name, hashOf(p.hash), now.Add(sessionLength)}
	})
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie(r), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: behindTLS(r), MaxAge: int(sessionLength.Seconds()),
	})
}

// end signs this browser out: its token opens nothing any more, wherever it is.
func (s *sessions) end(w http.ResponseWriter, r *http.Request, now time.Time) {
	if cookie, err := r.Cookie(sessionCookie(r)); err == nil && s.has(hashOf(cookie.Value)) { // strangers write no file
		s.change(now, func() { s.signOut(hashOf(cookie.Value)) })
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie(r), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: behindTLS(r), MaxAge: -1})
}

func (s *sessions) has(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[token].Login != ""
}

func (s *sessions) signOut(token string) {
	one := s.open[token]
	one.Login = ""
	s.open[token] = one
}

// last is when people signed in last.
func (s *sessions) last() map[string]time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]time.Time{}
	for _, one := range s.open {
		if at := one.Until.Add(-sessionLength); at.After(found[one.Name]) {
			found[one.Name] = at
		}
	}
	return found
}

// change the sessions, drop what is over, and write the file.
func (s *sessions) change(now time.Time, change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	for token, one := range s.open {
		if !now.Before(one.Until) {
			delete(s.open, token)
		}
	}
	for len(s.open) > mostSessions {
		s.dropOldest()
	}
	text, err := json.Marshal(s.open)
	if err == nil {
		err = changeFile(s.file, func([]byte) ([]byte, error) { return text, nil })
	}
	if err != nil {
		s.log.Warn("Sessions end with this process", "error", err)
	}
}

func (s *sessions) dropOldest() {
	oldest := ""
	for token, one := range s.open {
		if oldest == "" || one.Until.Before(s.open[oldest].Until) {
			oldest = token
		}
	}
	delete(s.open, oldest)
}

// person is whose session the browser has, as long as nothing ended it.
func (s *sessions) person(r *http.Request, known people, now time.Time) (Person, bool) {
	cookie, err := r.Cookie(sessionCookie(r))
	if err != nil {
		return Person{}, false
	}
	s.mu.Lock()
	one, found := s.open[hashOf(cookie.Value)]
	s.mu.Unlock()
	p, exists := known.byName[one.Name]
	return p, found && exists && p.HasPassword() && now.Before(one.Until) && one.Login == hashOf(p.hash)
}

func sessionCookie(r *http.Request) string { return "qtickets_session" + portOf(r) }
