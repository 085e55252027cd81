package block

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var _ = define(Block{ID: "share", Screen: address.Event, Order: 90, Question: "event"}, (*figures.Store).Event,
	Builder.share)

// ShareTerm is how long a link is to hold.
type ShareTerm string

// The terms that can be chosen.
const (
	ShareWeek  ShareTerm = "7d"
	ShareMonth ShareTerm = "30d"
	ShareShow  ShareTerm = "show" // until the chosen show begins, or the last one
)

// longestShare is the longest that a link may hold.
const longestShare = 366 * 24 * time.Hour

// End of a term that begins now; false: there is no such term for this event.
func (t ShareTerm) End(e figures.Event, now time.Time) (time.Time, bool) {
	switch t {
	case ShareWeek:
		return now.AddDate(0, 0, 7), true
	case ShareMonth:
		return now.AddDate(0, 0, 30), true
	case ShareShow:
		last := lastStart(e)
		return last, last.After(now) && last.Sub(now) <= longestShare
	default:
		return time.Time{}, false
	}
}

// lastStart is when the chosen show begins, or the last of all; zero: that is not known.
func lastStart(e figures.Event) (last time.Time) {
	shows := e.Shows
	if e.Show != nil {
		shows = []figures.ShowLine{*e.Show}
	}
	for _, s := range shows {
		if s.Start != nil && s.Start.After(last) {
			last = *s.Start
		}
	}
	return last
}

// LinkForm is where a share link is made.
type LinkForm struct {
	Action string
	Terms  []Choice
	SharedLink
}

// SharedLink is what came of a form that was sent; the zero value: none was.
type SharedLink struct {
	Address string // of the link that was made
	Failed  string // why none was
	Label   string // as it was typed
}

// Sent tells whether a form was.
func (l SharedLink) Sent() bool { return l.Address != "" || l.Failed != "" }

// Choice is one of several values of a field.
type Choice struct{ Value, Text string }

// share is where links to the event or show are made and ended, for who may.
func (b Builder) share(v *View, e figures.Event) {
	if v.hidden = !b.House.Shares; v.hidden {
		return
	}
	v.Title = b.T("share.heading_none")
	if n := len(b.House.Links); n > 0 {
		v.Title = b.T("share.heading", n)
		v.Grants = b.linkGrants(e)
	}
	f := &LinkForm{Action: b.Params.FormAction("/share"), SharedLink: b.Shared}
	for _, t := range []ShareTerm{ShareWeek, ShareMonth, ShareShow} {
		end, offered := t.End(e, b.Now)
		if !offered {
			continue
		}
		f.Terms = append(f.Terms, Choice{string(t), b.T("share.term."+string(t), b.Day(end.In(sales.Moscow)))})
	}
	v.LinkForm = f
}

// linkGrants are the links that hold: whom each is for, what it shows, until when, and how often it was opened.
func (b Builder) linkGrants(e figures.Event) *Grants {
	g := &Grants{Action: b.Params.FormAction("/share/revoke"), Field: "id", Columns: []string{b.T("share.for"),
		b.T("column.show"), b.T("share.money"), b.T("share.until"), b.T("share.views")}}
	for _, l := range b.House.Links {
		g.Rows = append(g.Rows, Grant{Revoke: l.ID, Cells: []string{b.linkName(l), b.linkShow(e, l.Show),
			b.T("share.money." + yesNo(!l.NoMoney)), b.MomentFull(l.Until),
			b.Int(int64(l.Views))}}) //nolint:gosec // no such number
	}
	return g
}

// linkName is whom a link is for, or else its id.
func (b Builder) linkName(l access.Share) string {
	if l.Label == "" {
		return b.T("share.nameless", l.ID)
	}
	return format.Sanitize(l.Label)
}

func (b Builder) linkShow(e figures.Event, show uint64) string {
	for _, s := range e.Shows {
		if s.ShowID == show && s.LocalDate != nil {
			return Joined(", ", b.DayOfWeek(*s.LocalDate), s.LocalTime)
		}
	}
	if show != 0 {
		return address.ID(show)
	}
	return b.T("event.all")
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
