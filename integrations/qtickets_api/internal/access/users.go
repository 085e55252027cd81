package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/crypto/bcrypt"
)

// Costs of a hash: below the first it is guessed too fast, above the second a login takes a second and more.
const (
	leastCost = 10
	mostCost  = 14
)

// makeHash prints a line of the users file. Without -C the cost is 5.
const makeHash = "htpasswd -nB -C 12 NAME"

// users are names with the bcrypt hashes of their passwords and what they may see.
type users struct {
	hashes map[string][]byte
	roles  map[string]Viewer
	decoy  []byte // compared with for unknown names, so that these take as long

	key [32]byte // of this process
	mu  sync.Mutex
	// verified are pairs that were right: a page asks many times and bcrypt is slow on purpose.
	verified map[[32]byte]bool
}

func parseUsers(text string) (*users, error) {
	u := &users{hashes: map[string][]byte{}, roles: map[string]Viewer{}, verified: map[[32]byte]bool{}}
	_, _ = rand.Read(u.key[:]) // never fails
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, ok := strings.Cut(line, ":")
		hash, role, hasRole := strings.Cut(rest, ":")
		cost, err := bcrypt.Cost([]byte(hash))
		switch {
		case !ok || name == "" || err != nil || cost > mostCost:
			return nil, fmt.Errorf("line %d is not name:hash with a bcrypt hash: make it with \"%s\"", i+1, makeHash)
		case cost < leastCost:
			return nil, fmt.Errorf("line %d: a bcrypt hash of cost %d is guessed too fast, at least %d is needed: make it with "+
				"\"%s\"", i+1, cost, leastCost, makeHash)
		}
		if _, twice := u.hashes[name]; twice {
			return nil, fmt.Errorf("line %d: a name stands twice: keep one", i+1)
		}
		viewer := Viewer{Name: name, Role: View}
		if hasRole {
			if viewer.Role, viewer.Event, err = parseRole(role); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
		}
		u.hashes[name], u.roles[name] = []byte(hash), viewer
		u.decoy = u.hashes[name]
	}
	if len(u.hashes) == 0 {
		return nil, fmt.Errorf("no users in it: add one with \"%s\"", makeHash)
	}
	return u, nil
}

func (u *users) mark(name, password string) (m [32]byte) {
	mac := hmac.New(sha256.New, u.key[:])
	fmt.Fprintf(mac, "%d:%s%s", len(name), name, password)
	mac.Sum(m[:0])
	return m
}

// known tells whether the pair was right before.
func (u *users) known(name, password string) bool {
	m := u.mark(name, password)
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.verified[m]
}

func (u *users) has(name string) bool { _, exists := u.hashes[name]; return exists }

// viewer is what a user may see.
func (u *users) viewer(name string) Viewer { return u.roles[name] }

// check compares with the hash, slowly.
func (u *users) check(name, password string) bool {
	hash, exists := u.hashes[name]
	if !exists {
		hash = u.decoy
	}
	if err := bcrypt.CompareHashAndPassword(hash, []byte(password)); err != nil || !exists {
		return false
	}
	m := u.mark(name, password)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.verified[m] = true // at most one per user
	return true
}
