package dashboard_test

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

func TestTmp(t *testing.T) {
	l := newLab(t, simulator.WorldOptions{Seed: 1, Orders: 800})
	f := l.filter()
	s := l.store
	ctx := t.Context()
	show := l.world.ShowFacts()[2]
	ef := f
	ef.Event, ef.Show = uint64(show.EventID), uint64(show.ShowID)
	try := func(name string, v any, err error) {
		if err != nil {
			t.Error(name, err)
		}
	}
	a, err := s.Choices(ctx, f)
	try("choices", a, err)
	b, err := s.Freshness(ctx, f)
	try("fresh", b, err)
	t.Logf("%+v", b)
	c, err := s.Cards(ctx, f)
	try("cards", c, err)
	t.Logf("%+v", c)
	d, err := s.Hours(ctx, f)
	try("hours", d, err)
	e, err := s.Shows(ctx, f)
	try("shows", e, err)
	for _, l := range e.Shows {
		t.Log(l.Reason, l.Event, l.LocalTime, l.Sold, l.Left, l.Speed, l.Ratio, l.Share, l.Fill)
	}
	g, err := s.Weeks(ctx, f)
	try("weeks", g, err)
	g, err = s.Days(ctx, f)
	try("days", g, err)
	g, err = s.EventDays(ctx, ef)
	try("edays", g, err)
	h, err := s.Cities(ctx, f)
	try("cities", h, err)
	i, err := s.Event(ctx, ef)
	try("event", i, err)
	j, err := s.Pacing(ctx, ef)
	try("pacing", j, err)
	t.Logf("%+v", j)
	k, err := s.Zones(ctx, ef)
	try("zones", k, err)
	t.Logf("%+v", k)
	f.Compare = "previous"
	m, err := s.Channels(ctx, f)
	try("channels", m, err)
	t.Logf("%+v", m.Sources[0])
	n, err := s.PromoCodes(ctx, f)
	try("promo", n, err)
	o, err := s.PaymentTypes(ctx, f)
	try("pay", o, err)
	t.Logf("%+v", o)
	p, err := s.Heat(ctx, f)
	try("heat", p, err)
	q, err := s.Lead(ctx, f)
	try("lead", q, err)
	r, err := s.OrderSizes(ctx, f)
	try("sizes", r, err)
	t.Logf("%+v", r)
	u, err := s.Feeds(ctx, f)
	try("feeds", u, err)
	t.Logf("%+v", u)
	v, err := s.Quarantine(ctx, f)
	try("quar", v, err)
	w, err := s.Alerts(ctx, f)
	try("alerts", w, err)
	w, err = s.AlertHistory(ctx, f)
	try("hist", w, err)
}
