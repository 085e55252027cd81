package sales_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// event is an active event in this zone with these shows.
func event(zone string, shows ...qtickets.Show) qtickets.Event {
	e := qtickets.Event{ID: 70001, Name: qtickets.Some("Выставка"), IsActive: qtickets.Some(true),
		CurrencyID: qtickets.Some("RUB"), Shows: shows}
	if zone != "" {
		e.City.Timezone = qtickets.Some(zone)
	}
	return e
}

func TestEventRow(t *testing.T) {
	t.Parallel()
	src := event("Asia/Novosibirsk", qtickets.Show{
		ID: 80001, Name: qtickets.Some("Вечер"), IsActive: qtickets.Some(true),
		SaleStartDate: at("2030-05-01T10:00:00+03:00"), SaleFinishDate: at("2030-06-01T10:00:00+03:00"),
		StartDate: at("2030-06-01T15:00:00+03:00"), FinishDate: at("2030-06-01T18:00:00+03:00"),
		MinPrice: money("500"), MaxPrice: money("0"), DeletedAt: at("2030-05-20T10:00:00+03:00"),
	}, qtickets.Show{ID: 80002})
	src.PlaceName, src.City.ID, src.City.Name = qtickets.Some("ДК"), number(24), qtickets.Some("Новосибирск")
	src.UpdatedAt, src.DeletedAt = at("2030-05-02T10:00:00+03:00"), at("2030-05-03T10:00:00+03:00")
	e, shows, err := sales.FromEvent(src)
	if err != nil {
		t.Fatal(err)
	}
	moment := func(text string) *time.Time { m := instant(text); return &m }
	amount := func(m qtickets.Money) *qtickets.Money { return &m }
	wantEvent := sales.Event{
		EventID: 70001, Name: "Выставка", PlaceName: "ДК", CityID: 24, City: "Новосибирск", Timezone: "Asia/Novosibirsk",
		CurrencyID: "RUB",
		IsActive:   1, UpdatedAt: moment("2030-05-02T07:00:00Z"), DeletedAt: moment("2030-05-03T07:00:00Z"),
		ContentHash: e.ContentHash,
	}
	wantShows := []sales.Show{{
		ShowID: 80001, EventID: 70001, Name: "Вечер", IsActive: 1,
		StartAt: moment("2030-06-01T12:00:00Z"), FinishAt: moment("2030-06-01T15:00:00Z"),
		SaleStartAt: moment("2030-05-01T07:00:00Z"), SaleEndAt: moment("2030-06-01T07:00:00Z"),
		ShowDate: moment("2030-06-01T00:00:00Z"), ShowTime: "2030-06-01 19:00",
		MinPrice: amount(500_00), MaxPrice: amount(0), DeletedAt: moment("2030-05-20T07:00:00Z"),
		ContentHash: shows[0].ContentHash,
	}, {ShowID: 80002, EventID: 70001, ContentHash: shows[1].ContentHash}}
	if diff := cmp.Diff(wantEvent, e) + cmp.Diff(wantShows, shows); diff != "" {
		t.Error(diff)
	}
	if e.ContentHash == 0 || shows[0].ContentHash == 0 || shows[0].ContentHash == shows[1].ContentHash {
		t.Error("content hashes are missing")
	}
}

// The offset of the source is not the venue's; local dates come from the city's zone alone.
func TestShowDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, zone, start, day, wall, zoneName string }{
		{"exhibition opening at local midnight", "Asia/Novosibirsk", "2030-06-15T20:00:00+03:00", "2030-06-16",
			"2030-06-16 00:00", "Asia/Novosibirsk"},
		{"Moscow", "Europe/Moscow", "2030-06-15T20:00:00+03:00", "2030-06-15", "2030-06-15 20:00", "Europe/Moscow"},
		{"west of the offset", "Europe/Kaliningrad", "2030-06-15T00:30:00+03:00", "2030-06-14", "2030-06-14 23:30",
			"Europe/Kaliningrad"},
		{"summer time", "Europe/Berlin", "2030-07-01T20:00:00+03:00", "2030-07-01", "2030-07-01 19:00", "Europe/Berlin"},
		{"winter time", "Europe/Berlin", "2030-01-01T20:00:00+03:00", "2030-01-01", "2030-01-01 18:00", "Europe/Berlin"},
		{"the last minute of winter time", "Europe/Berlin", "2030-03-31T03:59:00+03:00", "2030-03-31", "2030-03-31 01:59",
			"Europe/Berlin"},
		{"the first of summer time", "Europe/Berlin", "2030-03-31T04:00:00+03:00", "2030-03-31", "2030-03-31 03:00",
			"Europe/Berlin"},
		{"an hour that comes twice, first", "Europe/Berlin", "2030-10-27T03:30:00+03:00", "2030-10-27", "2030-10-27 02:30",
			"Europe/Berlin"},
		{"an hour that comes twice, second", "Europe/Berlin", "2030-10-27T04:30:00+03:00", "2030-10-27", "2030-10-27 02:30",
			"Europe/Berlin"},
		{"midnight of the day of the switch", "Europe/Berlin", "2030-10-27T01:00:00+03:00", "2030-10-27", "2030-10-27 00:00",
			"Europe/Berlin"},
		{"a day without a midnight", "Asia/Beirut", "2030-03-31T01:00:00+03:00", "2030-03-31", "2030-03-31 01:00",
			"Asia/Beirut"},
		{"the minute before it", "Asia/Beirut", "2030-03-31T00:59:00+03:00", "2030-03-30", "2030-03-30 23:59", "Asia/Beirut"},
		{"no zone", "", "2030-06-15T20:00:00+03:00", "unknown", "", ""},
		{"unknown zone", "Asia/Nowhere", "2030-06-15T20:00:00+03:00", "unknown", "", ""},
		{"the server's own zone is no venue's", "Local", "2030-06-15T20:00:00+03:00", "unknown", "", ""},
		{"an offset is no zone", "+07:00", "2030-06-15T20:00:00+03:00", "unknown", "", ""},
		{"a path is no zone", "../../etc/passwd", "2030-06-15T20:00:00+03:00", "unknown", "", ""},
		{"no start", "Asia/Novosibirsk", "", "unknown", "", "Asia/Novosibirsk"},
	} {
		e, shows, err := sales.FromEvent(event(c.zone, qtickets.Show{ID: 80001, StartDate: at(c.start)}))
		if err != nil {
			t.Fatal(err)
		}
		day := "unknown"
		if d := shows[0].ShowDate; d != nil {
			day = d.Format(time.DateOnly)
		}
		if day != c.day || shows[0].ShowTime != c.wall || e.Timezone != c.zoneName {
			t.Errorf("%s: day %s, wall clock %q, zone %q", c.name, day, shows[0].ShowTime, e.Timezone)
		}
	}
}

func TestEventQuarantine(t *testing.T) {
	t.Parallel()
	nameless := event("")
	nameless.ID = 0
	for want, src := range map[string]qtickets.Event{
		"events[0].id: missing":              nameless,
		"events[70001].shows[1].id: missing": event("", qtickets.Show{ID: 80001}, qtickets.Show{}),
	} {
		if _, shows, err := sales.FromEvent(src); err == nil || err.Error() != want || shows != nil {
			t.Errorf("%v with %d shows, want %s", err, len(shows), want)
		}
	}
}

func TestEventHashes(t *testing.T) {
	t.Parallel()
	show := qtickets.Show{ID: 80001, StartDate: at("2030-06-15T20:00:00+03:00")}
	before, beforeShows, _ := sales.FromEvent(event("Asia/Novosibirsk", show))
	again, againShows, _ := sales.FromEvent(event("Asia/Novosibirsk", show))
	moved, movedShows, _ := sales.FromEvent(event("Asia/Omsk", show))
	renamed := event("Asia/Novosibirsk", show)
	renamed.Name = qtickets.Some("Другая")
	other, otherShows, _ := sales.FromEvent(renamed)
	for name, wrong := range map[string]bool{
		"the same again": again.ContentHash != before.ContentHash ||
			againShows[0].ContentHash != beforeShows[0].ContentHash,
		"another zone moves event and show": moved.ContentHash == before.ContentHash ||
			movedShows[0].ContentHash == beforeShows[0].ContentHash,
		"another name moves only the event": other.ContentHash == before.ContentHash ||
			otherShows[0].ContentHash != beforeShows[0].ContentHash,
	} {
		if wrong {
			t.Errorf("%s: wrong hashes", name)
		}
	}
}

// Seats are asked for while the event and the show are on and not over.
func TestSeatsDueAt(t *testing.T) {
	t.Parallel()
	const now = "2030-06-15T12:00:00Z"
	past, future, exact := at("2030-06-15T11:59:59Z"), at("2030-06-15T12:00:01Z"), at(now)
	on, off := qtickets.Some(true), qtickets.Some(false)
	for _, c := range []struct {
		name  string
		event qtickets.Event
		show  qtickets.Show
		due   bool
	}{
		{"upcoming", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: on, StartDate: future, FinishDate: future}, true},
		{"running", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: on, StartDate: past, FinishDate: future}, true},
		{"over", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: on, StartDate: past, FinishDate: past}, false},
		{"over this second", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: on, FinishDate: exact}, false},
		{"begun, end unknown", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: on, StartDate: past}, false},
		{"to begin, end unknown", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: on, StartDate: future}, true},
		{"no dates", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: on}, true},
		{"show off", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: off, FinishDate: future}, false},
		{"event off", qtickets.Event{IsActive: off}, qtickets.Show{IsActive: on, FinishDate: future}, false},
		{"show deleted", qtickets.Event{IsActive: on}, qtickets.Show{IsActive: on, FinishDate: future, DeletedAt: past},
			false},
		{"event deleted", qtickets.Event{IsActive: on, DeletedAt: past}, qtickets.Show{IsActive: on, FinishDate: future},
			false},
	} {
		c.event.ID, c.show.ID, c.event.Shows = 70001, 80001, nil
		c.event.Shows = append(c.event.Shows, c.show)
		e, shows, err := sales.FromEvent(c.event)
		if err != nil {
			t.Fatal(err)
		}
		if got := shows[0].SeatsDueAt(instant(now), e); got != c.due {
			t.Errorf("%s: due %t", c.name, got)
		}
	}
}
