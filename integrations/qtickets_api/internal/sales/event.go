package sales

import (
	"encoding/json"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Event is the warehouse row of one event.
type Event struct {
	EventID     uint64
	Name        string
	PlaceName   string
	CityID      uint64 // 0: unknown
	City        string
	Timezone    string // IANA name of the venue's zone; "" when unknown or not a zone
	CurrencyID  string
	IsActive    uint8
	UpdatedAt   *time.Time
	DeletedAt   *time.Time
	ContentHash uint64
}

// Show is the warehouse row of one date of an event.
type Show struct {
	ShowID      uint64
	EventID     uint64
	Name        string
	IsActive    uint8
	StartAt     *time.Time // instants
	FinishAt    *time.Time
	SaleStartAt *time.Time
	SaleEndAt   *time.Time
	ShowDate    *time.Time      // the venue's calendar day of StartAt; nil without StartAt or zone
	ShowTime    string          // the venue's wall clock, 2006-01-02 15:04; "" like ShowDate
	MinPrice    *qtickets.Money // list prices of the event's currency
	MaxPrice    *qtickets.Money
	DeletedAt   *time.Time
	ContentHash uint64
}

// FromEvent gives the rows of one event and its shows. The error names the field that makes the event
// impossible to understand; an unknown time zone does not, it only leaves local dates unknown.
func FromEvent(src qtickets.Event) (Event, []Show, error) {
	if src.ID <= 0 {
		return Event{}, nil, fmt.Errorf("events[%d].id: missing", src.ID)
	}
	zone, zoneName := venueZone(src.City.Timezone)
	event := Event{
		EventID:    uint64(src.ID),
		Name:       src.Name.Value,
		PlaceName:  src.PlaceName.Value,
		CityID:     uint64(max(src.City.ID.Value, 0)),
		City:       src.City.Name.Value,
		Timezone:   zoneName,
		CurrencyID: src.CurrencyID.Value,
		IsActive:   flag(src.IsActive),
		UpdatedAt:  optTime(src.UpdatedAt),
		DeletedAt:  optTime(src.DeletedAt),
	}
	event.ContentHash = hashOf(event)
	shows := make([]Show, 0, len(src.Shows))
	for i, s := range src.Shows {
		if s.ID <= 0 {
			return Event{}, nil, fmt.Errorf("events[%d].shows[%d].id: missing", src.ID, i)
		}
		shows = append(shows, showRow(event.EventID, s, zone))
	}
	return event, shows, nil
}

func showRow(eventID uint64, s qtickets.Show, zone *time.Location) Show {
	show := Show{
		ShowID:      uint64(s.ID),
		EventID:     eventID,
		Name:        s.Name.Value,
		IsActive:    flag(s.IsActive),
		StartAt:     optTime(s.StartDate),
		FinishAt:    optTime(s.FinishDate),
		SaleStartAt: optTime(s.SaleStartDate),
		SaleEndAt:   optTime(s.SaleFinishDate),
		MinPrice:    optMoney(s.MinPrice),
		MaxPrice:    optMoney(s.MaxPrice),
		DeletedAt:   optTime(s.DeletedAt),
	}
	// The offset of the source is not the venue's: an exhibition that opens at local midnight arrives as
	// 20:00 of the day before (API notes, section 15).
	if show.StartAt != nil && zone != nil {
		local := show.StartAt.In(zone)
		day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
		show.ShowDate, show.ShowTime = &day, local.Format("2006-01-02 15:04")
	}
	show.ContentHash = hashOf(show)
	return show
}

func venueZone(name qtickets.Opt[string]) (*time.Location, string) {
	if !name.Valid || name.Value == "Local" {
		return nil, ""
	}
	zone, err := time.LoadLocation(name.Value)
	if err != nil {
		return nil, ""
	}
	return zone, name.Value
}

// SeatsDueAt tells whether seats of the show are worth asking for: it is switched on and not over.
// An unknown end is taken as not over.
func (s Show) SeatsDueAt(now time.Time, event Event) bool {
	end := s.FinishAt
	if end == nil {
		end = s.StartAt
	}
	alive := event.IsActive == 1 && event.DeletedAt == nil && s.IsActive == 1 && s.DeletedAt == nil
	return alive && (end == nil || end.After(now))
}

func flag(v qtickets.Opt[bool]) uint8 {
	if v.Or(false) {
		return 1
	}
	return 0
}

func optMoney(v qtickets.Opt[qtickets.Money]) *qtickets.Money {
	if !v.Valid {
		return nil
	}
	return &v.Value
}

// hashOf is the content hash of a row whose ContentHash is still zero.
func hashOf(row any) uint64 {
	text, err := json.Marshal(row)
	if err != nil { // rows are plain structs of numbers, strings and times
		panic(err)
	}
	return ContentHash(text)
}
