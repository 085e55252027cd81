package simulator

import (
	"strings"
	"sync"
	"time"
)

// faultBoard holds the switches that are on.
type faultBoard struct {
	mu     sync.Mutex
	active []*activeFault
}

// activeFault counts the requests a fault has seen.
type activeFault struct {
	Fault
	seen int64
}

// faultSet is the board as one request sees it.
type faultSet struct {
	board *faultBoard
	path  string // below the base, without a leading slash
}

func (b *faultBoard) set(f Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, a := range b.active {
		if a.Kind == f.Kind && a.Path == f.Path {
			b.active[i] = &activeFault{Fault: f}
			return
		}
	}
	b.active = append(b.active, &activeFault{Fault: f})
}

func (b *faultBoard) clear(kinds []FaultKind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var left []*activeFault
	for _, a := range b.active {
		gone := len(kinds) == 0
		for _, k := range kinds {
			gone = gone || a.Kind == k
		}
		if !gone {
			left = append(left, a)
		}
	}
	b.active = left
}

func (b *faultBoard) list() []Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Fault
	for _, a := range b.active {
		all = append(all, a.Fault)
	}
	return all
}

// find returns a copy, so that a request does not race with SetFault.
func (s *faultSet) find(kind FaultKind) (Fault, bool) {
	if s == nil {
		return Fault{}, false
	}
	s.board.mu.Lock()
	defer s.board.mu.Unlock()
	if a := s.locate(kind); a != nil {
		return a.Fault, true
	}
	return Fault{}, false
}

func (s *faultSet) locate(kind FaultKind) *activeFault {
	for _, a := range s.board.active {
		if a.Kind == kind && strings.HasPrefix(s.path, a.Path) {
			return a
		}
	}
	return nil
}

func (s *faultSet) on(kind FaultKind) bool {
	_, ok := s.find(kind)
	return ok
}

// number is the fault's N, or the default for 0.
func (s *faultSet) number(kind FaultKind, otherwise int) (int, bool) {
	f, ok := s.find(kind)
	if f.N != 0 {
		otherwise = int(f.N)
	}
	return otherwise, ok
}

// firstN counts this request and reports whether it is among the first N (all, for N 0).
func (s *faultSet) firstN(kind FaultKind) (Fault, bool) {
	s.board.mu.Lock()
	defer s.board.mu.Unlock()
	a := s.locate(kind)
	if a == nil {
		return Fault{}, false
	}
	a.seen++
	return a.Fault, a.N == 0 || a.seen <= a.N
}

// nth counts this request and reports whether it is the N-th (any, for N 0).
func (s *faultSet) nth(kind FaultKind) bool {
	s.board.mu.Lock()
	defer s.board.mu.Unlock()
	a := s.locate(kind)
	if a == nil {
		return false
	}
	a.seen++
	return a.N == 0 || a.seen == a.N
}

func (s *faultSet) dates() dateReading {
	if f, ok := s.find(DateFormat); ok {
		return dateReading(f.Text)
	}
	return dateBoth
}

// offset is what timestamps are written with, in seconds.
func (s *faultSet) offset() int64 {
	f, ok := s.find(AccountOffset)
	if !ok {
		return moscowOffset
	}
	at, err := time.Parse("-07:00", f.Text)
	if err != nil {
		return 5 * hour
	}
	_, offset := at.Zone()
	return int64(offset)
}
