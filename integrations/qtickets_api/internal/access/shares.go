package access

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// SharePath is where share links stand: SharePath + token + "/".
const SharePath = "/s/"

// Bounds of links.
const (
	mostShares   = 1000 // at a time
	longestLabel = 60   // letters
)

// Share is a link that shows one event or one show to whoever has it.
type Share struct {
	ID      string    `json:"id"`
	Event   uint64    `json:"event"`
	Show    uint64    `json:"show,omitempty"` // 0: all of the event
	NoMoney bool      `json:"no_money,omitempty"`
	Label   string    `json:"label,omitempty"` // whom it was given to, for those who list links
	Made    time.Time `json:"made"`
	Until   time.Time `json:"until"`
	Views   uint64    `json:"views"`
	Token   string    `json:"token"` // its SHA-256
}

func (s Share) viewer() Viewer {
	return Viewer{Role: Shared, Event: s.Event, Show: s.Show, NoMoney: s.NoMoney, Until: s.Until.Unix()}
}

// Errors of links.
var (
	ErrNoShare = errors.New("there is no link of this id: see \"qtickets_api share list\"")
	ErrLabel   = fmt.Errorf("whom a link is for has at most %d letters and no control characters", longestLabel)
)

// sharesFile is where the links are: beside the users.
func sharesFile(usersFile string) string { return usersFile + ".shares" }

func parseShares(text []byte) (list []Share) {
	if err := json.Unmarshal(text, &list); err != nil {
		return nil // a damaged file opens nothing
	}
	return list
}

// sharesByToken leaves out what would open everything.
func sharesByToken(text []byte) map[string]Share {
	found := map[string]Share{}
	for _, s := range parseShares(text) {
		if s.Event != 0 {
			found[s.Token] = s
		}
	}
	return found
}

// Shares are the links, the newest first.
func Shares(usersFile string) ([]Share, error) {
	if _, err := readBounded(usersFile); err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	text, err := readBounded(sharesFile(usersFile))
	if err != nil {
		return nil, nil //nolint:nilerr // no link was ever made
	}
	list := parseShares(text)
	slices.SortFunc(list, func(a, b Share) int { return b.Made.Compare(a.Made) })
	return list, nil
}

// MakesLinks tells whether share links can be made here.
func (g *Guard) MakesLinks() bool { return g != nil && g.shares != nil }

// Links are those of an event that hold at a moment, the newest first.
func (g *Guard) Links(event uint64, now time.Time) ([]Share, error) {
	list, err := Shares(g.shares.usersFile)
	return slices.DeleteFunc(list, func(s Share) bool { return s.Event != event || !now.Before(s.Until) }), err
}

// AddShare makes a link, as the function of this name does.
func (g *Guard) AddShare(s Share) (made Share, token string, err error) {
	return AddShare(g.shares.usersFile, s)
}

// RevokeShare ends a link.
func (g *Guard) RevokeShare(id string) error { return RevokeShare(g.shares.usersFile, id) }

// RightLabel tells whether a text can say whom a link is for.
func RightLabel(text string) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= longestLabel &&
		!strings.ContainsFunc(text, unprintable)
}

// AddShare makes a link and returns its token, of which the file holds the hash alone. Links that ended a month ago are
// forgotten.
func AddShare(usersFile string, s Share) (made Share, token string, err error) {
	if s.Event == 0 || !s.Made.Before(s.Until) {
		return s, "", errors.New("a link needs an event and an end in the future")
	}
	if !RightLabel(s.Label) {
		return s, "", ErrLabel
	}
	token = rand.Text()
	s.Token, s.ID, s.Views = hashOf(token), strings.ToLower(rand.Text()[:8]), 0
	return s, token, changeShares(usersFile, func(list []Share) ([]Share, error) {
		list = slices.DeleteFunc(list, func(old Share) bool { return old.Until.Before(s.Made.AddDate(0, -1, 0)) })
		if len(list) >= mostShares {
			return nil, fmt.Errorf("there are %d links already: revoke some", mostShares)
		}
		return append(list, s), nil
	})
}

// RevokeShare ends a link.
func RevokeShare(usersFile, id string) error {
	return changeShares(usersFile, func(list []Share) ([]Share, error) {
		left := slices.DeleteFunc(slices.Clone(list), func(s Share) bool { return s.ID == id })
		if len(left) == len(list) {
			return nil, ErrNoShare
		}
		return left, nil
	})
}

func changeShares(usersFile string, change func([]Share) ([]Share, error)) error {
	return changeFile(sharesFile(usersFile), func(text []byte) ([]byte, error) {
		var list []Share
		if len(text) > 0 {
			if err := json.Unmarshal(text, &list); err != nil {
				return nil, fmt.Errorf("%s is damaged (%w): remove it, all links end then", sharesFile(usersFile), err)
			}
		}
		list, err := change(list)
		if err != nil {
			return nil, err
		}
		return json.MarshalIndent(list, "", " ")
	})
}

// shares let in whoever has a link, and count views.
type shares struct {
	usersFile string
	log       *slog.Logger
	byToken   *kept[map[string]Share] // by its hash

	mu    sync.Mutex
	views map[string]uint64 // not written yet
}

// viewsEvery is how long views are counted before they are written.
const viewsEvery = time.Second

func newShares(usersFile string, log *slog.Logger) *shares {
	return &shares{usersFile: usersFile, log: log, views: map[string]uint64{},
		byToken: &kept[map[string]Share]{path: sharesFile(usersFile), parse: sharesByToken}}
}

// of is the link that an address holds. The address of a link is asked tells whether it looks like one at all.
func (s *shares) of(r *http.Request, now time.Time) (found Share, asked, valid bool) {
	rest, asked := strings.CutPrefix(r.URL.Path, SharePath)
	if !asked {
		return found, false, false
	}
	token, _, _ := strings.Cut(rest, "/")
	found, exists := s.byToken.now()[hashOf(token)]
	return found, true, exists && now.Before(found.Until)
}

// seen counts a view: somebody opened the page, and not its script that keeps it up to date.
func (s *shares) seen(r *http.Request, one Share) {
	_, below, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, SharePath), "/")
	mode := r.Header.Get("Sec-Fetch-Mode")
	if r.Method != http.MethodGet || below != "" || mode != "" && mode != "navigate" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.views) == 0 {
		time.AfterFunc(viewsEvery, s.write)
	}
	s.views[one.ID]++
}

// write adds the views to the file.
func (s *shares) write() {
	s.mu.Lock()
	views := s.views
	s.views = map[string]uint64{}
	s.mu.Unlock()
	if len(views) == 0 {
		return
	}
	err := changeShares(s.usersFile, func(list []Share) ([]Share, error) {
		for i := range list {
			list[i].Views += views[list[i].ID]
		}
		return list, nil
	})
	if err != nil {
		s.log.Warn("Views of share links are not counted", "error", err)
	}
}
