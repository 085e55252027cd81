package access

import (
	"errors"
	"hash/maphash"
	"net/http"
	"net/netip"
	"os"
	"time"
)

// logins let in by name and password. bcrypt is slow on purpose, so that few passwords are compared at a time, few wait
// for it, and whoever guesses is slowed down: by name, by network, and most by both, so that a stranger who guesses one
// name keeps neither the others out nor its owner at another address. A user nobody has guessed wrong from there waits
// in a queue of its own and is not slowed down by others of its network: behind a proxy all may be one.
type logins struct {
	users           *users
	slots           chan struct{} // passwords that are compared now
	strangers, ours chan struct{} // logins that are under way, waiting ones too
	seed            maphash.Seed

	wrong  *Limit[attempt] // wrong passwords of a name from a network
	byNet  *Limit[netip.Prefix]
	byName *Limit[uint16]
}

// attempt is who guesses whose password. Names are hashed short: memory is bounded, whatever is guessed.
type attempt struct {
	network netip.Prefix
	name    uint16
}

// Bounds of logins.
const (
	comparedAtOnce = 2
	waitingLogins  = 8
	longestLogin   = 72 // bytes of a password that bcrypt looks at
	loginWait      = 3 * time.Second
)

func newLogins(file string) (*logins, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, errors.New("the file cannot be read: name a file that this user may read")
	}
	known, err := parseUsers(string(text))
	if err != nil {
		return nil, err
	}
	return &logins{
		users: known, seed: maphash.MakeSeed(),
		slots:     make(chan struct{}, comparedAtOnce),
		strangers: make(chan struct{}, comparedAtOnce+waitingLogins),
		ours:      make(chan struct{}, comparedAtOnce+waitingLogins),
		wrong:     NewLimit[attempt](0.2, 10), byNet: NewLimit[netip.Prefix](1, 40), byName: NewLimit[uint16](0.5, 40),
	}, nil
}

// admit answers by itself those it does not let in.
func (l *logins) admit(w http.ResponseWriter, r *http.Request, client netip.Addr) (v Viewer, admitted bool) {
	name, password, given := r.BasicAuth()
	if given && l.users.known(name, password) { // remembered: costs nothing
		return l.users.viewer(name), true
	}
	if !given {
		askForPassword(w, r)
		return v, false
	}
	who := attempt{network(client), uint16(maphash.String(l.seed, name))} //nolint:gosec // short on purpose
	queue := l.strangers
	if l.users.has(name) && l.wrong.Full(who, time.Now()) {
		queue = l.ours
	}
	if !l.mayGuess(who, queue == l.ours) {
		w.Header().Set("Retry-After", "60")
		refuse(w, r, http.StatusTooManyRequests, tooManyGuesses)
		return v, false
	}
	leave, entered := l.enter(r, queue)
	if !entered {
		w.Header().Set("Retry-After", "5")
		refuse(w, r, http.StatusServiceUnavailable, loginsBusy)
		return v, false
	}
	right := len(password) <= longestLogin && l.users.check(name, password)
	leave()
	if !right {
		l.guessed(who)
		askForPassword(w, r)
		return v, false
	}
	return l.users.viewer(name), true
}

func askForPassword(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("WWW-Authenticate", `Basic realm="QTickets", charset="UTF-8"`)
	refuse(w, r, http.StatusUnauthorized, passwordNeeded)
}

// enter waits for a slot, if the queue is not full. leave gives it back.
func (l *logins) enter(r *http.Request, queue chan struct{}) (leave func(), entered bool) {
	select {
	case queue <- struct{}{}:
	default:
		return nil, false
	}
	wait := time.NewTimer(loginWait)
	defer wait.Stop()
	select {
	case l.slots <- struct{}{}:
		return func() { <-l.slots; <-queue }, true
	case <-wait.C:
	case <-r.Context().Done():
	}
	<-queue
	return nil, false
}

func (l *logins) mayGuess(who attempt, ours bool) bool {
	now := time.Now()
	return l.wrong.Has(who, now) && l.byName.Has(who.name, now) && (ours || l.byNet.Has(who.network, now))
}

func (l *logins) guessed(who attempt) {
	now := time.Now()
	l.wrong.Allow(who, now)
	l.byNet.Allow(who.network, now)
	l.byName.Allow(who.name, now)
}
