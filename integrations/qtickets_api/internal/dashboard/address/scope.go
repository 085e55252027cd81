package address

import (
	"errors"
	"fmt"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// Scope bounds what the addresses of a viewer may lead to; the viewer brings it along, it is in no address.
type Scope struct {
	Event, Show uint64 // 0: all
	NoMoney     bool
	SignedIn    bool  // there is a session to end
	Shared      bool  // by a share link: a page of its own, at the address "./"
	Until       int64 // when the share link ends, Unix time
}

// ErrOutside is returned for an address of what its viewer may not see. It tells nobody whether that exists.
var ErrOutside = errors.New("outside of what the viewer may see")

func scopeOf(r *http.Request) Scope {
	v := access.ViewerOf(r.Context())
	return Scope{Event: v.Event, Show: v.Show, NoMoney: !v.SeesMoney(), SignedIn: v.SignedIn,
		Shared: v.Role == access.Shared, Until: v.Until}
}

// bind puts the params into the scope of their viewer.
func (p *Params) bind(s Scope) error {
	p.Scope = s
	p.Money = p.Money && !s.NoMoney
	if p.Seats != "" && s.Shared || p.Seats == SeatsByPrice && s.NoMoney {
		p.Seats = SeatsByState
	}
	f := &p.Filter
	switch {
	case p.Screen == Explain && (s.Shared || s.NoMoney && f.Number.IsMoney()):
		return ErrOutside
	case s.Event == 0:
		return nil
	case p.Screen != Event && p.Screen != Explain, f.Event != 0 && f.Event != s.Event,
		s.Show != 0 && f.Show != 0 && f.Show != s.Show:
		return ErrOutside
	}
	f.Event = s.Event
	if s.Show != 0 {
		f.Show = s.Show
	}
	return nil
}

// Key names the scope: pages of different scopes are different pages.
func (s Scope) Key() string { return fmt.Sprintf("%+v", s) }
