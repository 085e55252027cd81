package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"
)

// Costs of a hash: below the first it is guessed too fast, above the second a login takes a second and more; ours have
// the third.
const (
	leastCost = 10
	mostCost  = 14
	ourCost   = 12
)

// Bounds of the users file and of what people choose.
const (
	mostPeople       = 1000
	longestName      = 64 // bytes
	shortestPassword = 12 // letters
)

// makeHash prints a line of the users file. Without -C the cost is 5.
const makeHash = "htpasswd -nB -C 12 NAME"

// someHash is of a text that nobody knows.
const someHash = "$2a$12$bHkf.yqS84Ye5FTCAJVL3Oniw3/9StdMBEKJROzBxNIflOgSXrClC"

// Person is a line of the users file: "name:secret", and behind that ":role" or ":event:ID", without which it is View.
// The secret is a bcrypt hash, or "invited" before the person has chosen a password: alone, or as "invited-TIME-HASH"
// with the Unix time when the invitation ends and the SHA-256 of its token.
type Person struct {
	Name    string
	Role    Role
	Event   uint64    // of the role Event
	Invited time.Time // until when an invitation waits; zero: none does

	hash       string // bcrypt; "": there is no password
	invitation string // SHA-256 of the token of an invitation
}

// HasPassword tells whether the person can sign in.
func (p Person) HasPassword() bool { return p.hash != "" }

func (p Person) viewer() Viewer { return Viewer{Name: p.Name, Role: p.Role, Event: p.Event} }

func (p Person) line() string {
	secret := p.hash
	if secret == "" {
		secret = noPassword
		if p.invitation != "" {
			secret += "-" + strconv.FormatInt(p.Invited.Unix(), 10) + "-" + p.invitation
		}
	}
	line := p.Name + ":" + secret + ":" + string(p.Role)
	if p.Role == Event {
		line += ":" + strconv.FormatUint(p.Event, 10)
	}
	return line
}

const noPassword = "invited"

// parsePerson reads a line. Errors quote nothing: it may be a password.
func parsePerson(line string) (p Person, err error) {
	name, rest, _ := strings.Cut(line, ":")
	secret, role, hasRole := strings.Cut(rest, ":")
	p = Person{Name: name, Role: View}
	wrong := fmt.Errorf("not name:hash with a bcrypt hash: make it with \"%s\"", makeHash)
	if name == "" {
		return p, wrong
	}
	if hasRole {
		if p.Role, p.Event, err = parseRole(role); err != nil {
			return p, err
		}
	}
	if invitation, invited := strings.CutPrefix(secret, noPassword); invited {
		return p, p.parseInvitation(invitation)
	}
	p.hash = secret
	cost, err := bcrypt.Cost([]byte(secret))
	switch {
	case err != nil || cost > mostCost:
		return p, wrong
	case cost < leastCost:
		return p, fmt.Errorf("a bcrypt hash of cost %d is guessed too fast, at least %d is needed: make it with \"%s\"",
			cost, leastCost, makeHash)
	}
	return p, nil
}

// parseInvitation reads what follows "invited".
func (p *Person) parseInvitation(text string) error {
	if text == "" {
		return nil
	}
	parts := strings.Split(text, "-")
	if len(parts) != 3 || parts[0] != "" || len(parts[2]) != hex.EncodedLen(sha256.Size) {
		return errors.New("the invitation is damaged: remove the person and add it again")
	}
	until, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return errors.New("the invitation is damaged: remove the person and add it again")
	}
	p.Invited, p.invitation = time.Unix(until, 0), parts[2]
	return nil
}

// people are those of a users file, and what is wrong with its lines. A wrong line lets nobody in.
type people struct {
	byName map[string]Person
	decoy  string // a hash, compared with for people who have no password, so that these take as long
	errs   []error
}

func parsePeople(text []byte) people {
	found := people{byName: map[string]Person{}, decoy: someHash}
	twice := map[string]bool{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p, err := parsePerson(line)
		if _, known := found.byName[p.Name]; err == nil && known {
			err, twice[p.Name] = errors.New("a name stands twice: keep one"), true
		}
		if err != nil {
			found.errs = append(found.errs, fmt.Errorf("line %d: %w", i+1, err))
			continue
		}
		found.byName[p.Name] = p
		if p.HasPassword() {
			found.decoy = p.hash
		}
	}
	for name := range twice { // which of them is meant is not known
		delete(found.byName, name)
	}
	return found
}

// firstError is what a start says of a file that it cannot use; nil: it can.
func (f people) firstError() error {
	if len(f.errs) > 0 {
		return f.errs[0]
	}
	if len(f.byName) == 0 {
		return fmt.Errorf("no users in it: add one with \"qtickets_api users add NAME\" or \"%s\"", makeHash)
	}
	return nil
}

// right compares a password with the hash of a name, slowly.
func (f people) right(name, password string) bool {
	hash, exists := f.byName[name].hash, f.byName[name].HasPassword()
	if !exists {
		hash = f.decoy
	}
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil && exists
}

// People are those of a users file by name, and what is wrong with its lines.
func People(file string) ([]Person, error) {
	text, err := readBounded(file)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	found := parsePeople(text)
	list := make([]Person, 0, len(found.byName))
	for _, p := range found.byName {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Person) int { return strings.Compare(a.Name, b.Name) })
	return list, errors.Join(found.errs...)
}

// Known is a person as others see them.
type Known struct {
	Person
	SignedIn time.Time // when they signed in by the form last, within sessionLength; zero: they did not
}

// HasPeople tells whether people sign in here, so that there is somebody to list.
func (g *Guard) HasPeople() bool { return g != nil && g.mode == Basic }

// People are those of the users file by name. A line that cannot be read is left out: it lets nobody in.
func (g *Guard) People() []Known {
	known := g.people.now().byName
	last := g.sessions.last()
	list := make([]Known, 0, len(known))
	for _, name := range slices.Sorted(maps.Keys(known)) {
		list = append(list, Known{known[name], last[name]})
	}
	return list
}

// RemovePerson takes a person out of the users file.
func (g *Guard) RemovePerson(name string) error { return RemovePerson(g.people.path, name) }

// Errors of changes.
var (
	ErrPersonExists = errors.New("there is somebody of this name already")
	ErrNoPerson     = errors.New("there is nobody of this name")
	ErrName         = fmt.Errorf("a name has 1 to %d bytes, no colon and no control characters, and does not begin with #",
		longestName)
	ErrTooMany    = fmt.Errorf("there are %d people already", mostPeople)
	errInvitation = errors.New("the invitation was used, taken back, or has expired")
)

// AddPerson writes a person into the users file, which is made where it is missing. With a time in Invited it returns
// the token of an invitation; the file holds its hash alone. Somebody of that name is replaced where replace is set:
// their old password and sessions end at once.
func AddPerson(file string, p Person, replace bool) (token string, err error) {
	bad := func(r rune) bool { return r == ':' || unprintable(r) }
	if p.Name == "" || len(p.Name) > longestName || !utf8.ValidString(p.Name) || strings.ContainsFunc(p.Name, bad) ||
		strings.TrimSpace(p.Name) != p.Name || p.Name[0] == '#' {
		return "", ErrName
	}
	if role, event, err := parseRole(strings.SplitN(p.line(), ":", 3)[2]); err != nil || role != p.Role ||
		event != p.Event {
		return "", errRole
	}
	if !p.Invited.IsZero() {
		token = rand.Text()
		p.invitation = hashOf(token)
	}
	return token, changeFile(file, func(text []byte) ([]byte, error) {
		found := parsePeople(text)
		_, exists := found.byName[p.Name]
		if exists && !replace {
			return nil, ErrPersonExists
		}
		if !exists && len(found.byName) >= mostPeople {
			return nil, ErrTooMany
		}
		return withLine(text, p.Name, p.line()), nil
	})
}

// unprintable characters make a name look like another one, or write a line of their own.
func unprintable(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// RemovePerson takes a person out of the users file, with every line of that name.
func RemovePerson(file, name string) error {
	return changeFile(file, func(text []byte) ([]byte, error) {
		without := withLine(text, name, "")
		if string(without) == string(text) {
			return nil, ErrNoPerson
		}
		return without, nil
	})
}

// withLine replaces the lines of a name by one, or by none; all others stay as they are.
func withLine(text []byte, name, line string) []byte {
	var out []string
	for old := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\n") {
		its, _, _ := strings.Cut(strings.TrimSpace(old), ":")
		switch {
		case its != name || old == "":
			out = append(out, old)
		case line != "":
			out = append(out, line)
			line = ""
		}
	}
	if line != "" {
		out = append(out, line)
	}
	whole := strings.TrimPrefix(strings.Join(out, "\n"), "\n")
	if whole != "" {
		whole += "\n"
	}
	return []byte(whole)
}

// invited is who has the invitation of a token.
func (f people) invited(token string, now time.Time) (Person, bool) {
	hash := hashOf(token)
	for _, p := range f.byName {
		if p.invitation != "" && p.invitation == hash && now.Before(p.Invited) {
			return p, true
		}
	}
	return Person{}, false
}

// accept sets the password of whoever has the invitation, by its hash, once: whoever comes second finds none.
func accept(file, token string, hash []byte, now time.Time) (p Person, err error) {
	err = changeFile(file, func(text []byte) ([]byte, error) {
		var found bool
		if p, found = parsePeople(text).invited(token, now); !found {
			return nil, errInvitation
		}
		p.hash, p.invitation, p.Invited = string(hash), "", time.Time{}
		return withLine(text, p.Name, p.line()), nil
	})
	return p, err
}

// fits tells whether a password may be chosen.
func fits(password string) bool {
	return utf8.ValidString(password) && utf8.RuneCountInString(password) >= shortestPassword &&
		len(password) <= longestLogin
}

// hashOf is what files hold of a token.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
