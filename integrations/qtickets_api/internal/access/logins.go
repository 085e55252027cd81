package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"hash/maphash"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// logins let in by name and password. bcrypt is slow on purpose, so that few passwords are compared at a time, few wait
// for it, and whoever guesses is slowed down: by name, by network, and most by both, so that a stranger who guesses one
// name keeps neither the others out nor its owner at another address. A user nobody has guessed wrong from there waits
// in a queue of its own and is not slowed down by others of its network: behind a proxy all may be one.
type logins struct {
	people          *kept[people]
	slots           chan struct{} // passwords that are compared now
	strangers, ours chan struct{} // logins that are under way, waiting ones too
	seed            maphash.Seed

	wrong  *Limit[attempt] // wrong passwords of a name from a network
	byNet  *Limit[netip.Prefix]
	byName *Limit[uint16]

	key [32]byte // of this process
	mu  sync.Mutex
	// verified are names and passwords that were right, with the hash that said so: a page asks many times and bcrypt is
	// slow on purpose.
	verified map[[32]byte]bool
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

func newLogins(known *kept[people]) *logins {
	l := &logins{
		people: known, seed: maphash.MakeSeed(), verified: map[[32]byte]bool{},
		slots:     make(chan struct{}, comparedAtOnce),
		strangers: make(chan struct{}, comparedAtOnce+waitingLogins),
		ours:      make(chan struct{}, comparedAtOnce+waitingLogins),
		wrong:     NewLimit[attempt](0.2, 10), byNet: NewLimit[netip.Prefix](1, 40), byName: NewLimit[uint16](0.5, 40),
	}
	_, _ = rand.Read(l.key[:]) // never fails
	return l
}

// denial is why a name and a password do not let in.
type denial struct {
	status int
	retry  string // seconds
	why    refusal
	left   int // passwords that may be guessed at once, of one that was wrong
}

var (
	deniedMany = denial{http.StatusTooManyRequests, "60", tooManyGuesses, 0}
	deniedBusy = denial{http.StatusServiceUnavailable, "5", loginsBusy, 0}
)

// check a name and a password; nil: they are right.
func (l *logins) check(r *http.Request, name, password string, client netip.Addr) (Person, *denial) {
	if p, known := l.remembered(name, password); known { // costs nothing
		return p, nil
	}
	known := l.people.now()
	p, exists := known.byName[name]
	who := attempt{network(client), uint16(maphash.String(l.seed, name))} //nolint:gosec // short on purpose
	queue := l.strangers
	if exists && l.wrong.Full(who, time.Now()) {
		queue = l.ours
	}
	if !l.mayGuess(who, queue == l.ours) {
		return p, &deniedMany
	}
	leave, entered := l.enter(r, queue)
	if !entered {
		return p, &deniedBusy
	}
	right := len(password) <= longestLogin && known.right(name, password)
	leave()
	if !right {
		l.guessed(who)
		return p, &denial{http.StatusUnauthorized, "", wrongPassword, l.left(who)}
	}
	l.remember(p, password)
	return p, nil
}

// remembered tells whether the pair was right before, with the hash that the person has now.
func (l *logins) remembered(name, password string) (Person, bool) {
	p, exists := l.people.now().byName[name]
	if !exists || !p.HasPassword() {
		return p, false
	}
	m := l.mark(p, password)
	l.mu.Lock()
	defer l.mu.Unlock()
	return p, l.verified[m]
}

func (l *logins) remember(p Person, password string) {
	m := l.mark(p, password)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.verified) >= 2*mostPeople { // of hashes that are no more
		clear(l.verified)
	}
	l.verified[m] = true
}

func (l *logins) mark(p Person, password string) (m [32]byte) {
	mac := hmac.New(sha256.New, l.key[:])
	fmt.Fprintf(mac, "%d:%s%d:%s%s", len(p.Name), p.Name, len(p.hash), p.hash, password)
	mac.Sum(m[:0])
	return m
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

// left is how many wrong passwords are still compared at once. It is the same whether there is anybody of that name.
func (l *logins) left(who attempt) int {
	now := time.Now()
	return min(l.wrong.Left(who, now), l.byName.Left(who.name, now), l.byNet.Left(who.network, now))
}
