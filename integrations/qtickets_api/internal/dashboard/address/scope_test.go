package address

import (
	"errors"
	"net/http/httptest"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// TestScope: an address leads its viewer nowhere but into their event and show, whatever it says.
func TestScope(t *testing.T) {
	t.Parallel()
	event := access.Viewer{Role: access.Event, Event: 7}
	show := access.Viewer{Role: access.Shared, Event: 7, Show: 8, NoMoney: true}
	for _, c := range []struct {
		viewer      access.Viewer
		screen      Screen
		id, query   string
		event, show uint64 // 0: outside
	}{
		{event, Event, "7", "", 7, 0}, {event, Event, "7", "show=9", 7, 9}, {event, Event, "", "", 7, 0},
		{event, Event, "6", "", 0, 0}, {event, Event, "", "event=6", 0, 0}, {event, Today, "", "", 0, 0},
		{event, Channels, "", "event=7", 0, 0}, {event, Data, "", "", 0, 0},
		{show, Event, "", "", 7, 8}, {show, Event, "", "show=8", 7, 8}, {show, Event, "", "show=9", 0, 0},
		{show, Event, "", "event=6", 0, 0}, {show, Event, "", "event=7&event=6&by=money", 7, 8},
	} {
		r := httptest.NewRequest("GET", "/?"+c.query, nil)
		r.SetPathValue("id", c.id)
		p, err := Parse(r.WithContext(access.With(t.Context(), c.viewer)), c.screen)
		bound := p.Filter.Event == c.event && p.Filter.Show == c.show
		if errors.Is(err, ErrOutside) != (c.event == 0) || err == nil && !bound || p.Money {
			t.Errorf("%+v %s %q %q: %+v, %v", c.viewer, c.screen, c.id, c.query, p.Filter, err)
		}
	}
}
