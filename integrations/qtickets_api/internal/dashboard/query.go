package dashboard

import (
	"context"
	"errors"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// ErrNothingPublished is returned by Version before the first load.
var ErrNothingPublished = errors.New("nothing is published yet: run \"qtickets_api sync\"")

// ErrOldPublication is returned by Version when what is published was built by an older loader and lacks marts.
var ErrOldPublication = errors.New("the publication was made by an older version of the loader: run \"qtickets_api sync\"")

// Store answers what the screens ask, from published views only. Safe for concurrent use; each method is a block that may
// fail alone.
type Store struct {
	db *warehouse.DB
}

// NewStore reads through a connection with the rights of a reader.
func NewStore(db *warehouse.DB) *Store { return &Store{db: db} }

var errNotBuilt = errors.New("not built yet")

// Version is the publication readers see now. Cheap: for polling.
func (s *Store) Version(ctx context.Context) (Version, error) { return Version{}, errNotBuilt }

// Choices are what the filters offer.
func (s *Store) Choices(ctx context.Context, f Filter) (Choices, error) {
	return Choices{}, errNotBuilt
}

// Freshness says how far the data can be trusted at Filter.Now.
func (s *Store) Freshness(ctx context.Context, f Filter) (Freshness, error) {
	return Freshness{}, errNotBuilt
}

// Alerts are the incidents that go on, the newest first.
func (s *Store) Alerts(ctx context.Context, f Filter) ([]AlertLine, error) { return nil, errNotBuilt }

// AlertHistory are the last incidents, the newest first.
func (s *Store) AlertHistory(ctx context.Context, f Filter) ([]AlertLine, error) {
	return nil, errNotBuilt
}

// Cards are the figures of the day of the data.
func (s *Store) Cards(ctx context.Context, f Filter) (Cards, error) { return Cards{}, errNotBuilt }

// Hours is the day of the data by hour.
func (s *Store) Hours(ctx context.Context, f Filter) (Hours, error) { return Hours{}, errNotBuilt }

// Shows are the shows to come, those that need help first.
func (s *Store) Shows(ctx context.Context, f Filter) (Shows, error) { return Shows{}, errNotBuilt }

// Weeks are the last 8 weeks by day, whatever the period.
func (s *Store) Weeks(ctx context.Context, f Filter) (Days, error) { return Days{}, errNotBuilt }

// Days are the days of the period.
func (s *Store) Days(ctx context.Context, f Filter) (Days, error) { return Days{}, errNotBuilt }

// Cities are the figures of the period by city.
func (s *Store) Cities(ctx context.Context, f Filter) (Cities, error) { return Cities{}, errNotBuilt }

// ErrNoEvent is returned by Event, Pacing and Zones for an event or show that is not published.
var ErrNoEvent = errors.New("no such event")

// Event is the head of the event screen, of Filter.Event and Filter.Show.
func (s *Store) Event(ctx context.Context, f Filter) (Event, error) { return Event{}, errNotBuilt }

// EventDays are all days of the event or show since its first sale.
func (s *Store) EventDays(ctx context.Context, f Filter) (Days, error) { return Days{}, errNotBuilt }

// Pacing is how Filter.Show sells beside comparable shows.
func (s *Store) Pacing(ctx context.Context, f Filter) (Pacing, error) { return Pacing{}, errNotBuilt }

// Zones are the parts of the hall of Filter.Show.
func (s *Store) Zones(ctx context.Context, f Filter) (Zones, error) { return Zones{}, errNotBuilt }

// Channels are the figures of the period by UTM marks.
func (s *Store) Channels(ctx context.Context, f Filter) (Channels, error) {
	return Channels{}, errNotBuilt
}

// PromoCodes are the figures of the period by promo code.
func (s *Store) PromoCodes(ctx context.Context, f Filter) (PromoCodes, error) {
	return PromoCodes{}, errNotBuilt
}

// PaymentTypes are the figures of the period by the way of paying.
func (s *Store) PaymentTypes(ctx context.Context, f Filter) (PaymentTypes, error) {
	return PaymentTypes{}, errNotBuilt
}

// Heat is when tickets of the period were bought.
func (s *Store) Heat(ctx context.Context, f Filter) (Heat, error) { return Heat{}, errNotBuilt }

// Lead is how long before the show tickets of the period were bought.
func (s *Store) Lead(ctx context.Context, f Filter) (Lead, error) { return Lead{}, errNotBuilt }

// OrderSizes are the orders of the period by the number of their tickets.
func (s *Store) OrderSizes(ctx context.Context, f Filter) (OrderSizes, error) {
	return OrderSizes{}, errNotBuilt
}

// Feeds are the state of loading.
func (s *Store) Feeds(ctx context.Context, f Filter) (Feeds, error) { return Feeds{}, errNotBuilt }

// Quarantine are the rows of the source that could not be understood.
func (s *Store) Quarantine(ctx context.Context, f Filter) (Quarantine, error) {
	return Quarantine{}, errNotBuilt
}

// Glossary explains the figures in "ru" or "en".
func Glossary(lang string) []Term { return nil }
