package figures

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Entries are who of the buyers of a show came, and when.
type Entries struct {
	Show       ShowLine
	State      EntryState
	Sold, Came int64 // tickets sold now, and those of them that were scanned
	// Points are those of EntryInSteps, each five minutes from two hours before the start to one after it, ascending.
	Points  []EntryPoint
	Half    *time.Time       // by the end of this minute half of those who came were in; nil: nobody came
	Peak    *EntryPoint      // the five minutes in which most came; nil: nobody came at that time
	Earlier []EarlierEntries // the last shows of the event before this one that were scanned, by date
	NoShows *decimal.Decimal `money:"no"` // usual share that does not come: median of Earlier; nil: none
	// Channels and Prices are the groups of the buyers: by UTM source, most first, and by price, ascending.
	Channels []EntryGroup
	Prices   []EntryGroup `money:"yes"`
	ReadAt   *time.Time   // up to which scans are known for certain; nil: nobody read all orders of the event yet
}

// EntryState says what can be told of the entries of a show.
type EntryState string

// The states of entries.
const (
	EntryUnsold    EntryState = "unsold"    // nobody has a ticket
	EntryToCome    EntryState = "to_come"   // the show has not begun and nobody came yet
	EntryUnscanned EntryState = "unscanned" // it has begun, and no ticket was scanned
	EntryAnyTime   EntryState = "any_time"  // people come at any time: it lasts for more than a day, or has no date
	EntryInSteps   EntryState = ""          // Points tell when they came
	EntryUnknown   EntryState = "unknown"   // the publication was made by a loader that did not count them
)

// EntryPoint is a moment before or after the start.
type EntryPoint struct {
	Minute int              // after the start, below zero before it
	Came   int64            // before that minute, from the first scan on
	Within int64            // of them in the five minutes before it
	Usual  *decimal.Decimal `money:"no"` // median of Earlier, as if as many tickets had been sold; nil: none
}

// EarlierEntries is an earlier show of the event.
type EarlierEntries struct {
	LocalDate  time.Time
	Sold, Came int64
	Points     []decimal.Decimal `money:"no"` // beside those of the show: share of Sold that had come
}

// EntryGroup are the buyers of a channel or of a range of prices.
type EntryGroup struct {
	Source   string          // of Channels; "": without a tag
	Currency string          `money:"yes"` // of Prices
	From, To decimal.Decimal `money:"yes"` // of Prices, To excluded; both 0: free tickets
	Sold     int64
	Came     int64
	NoShows  decimal.Decimal `money:"no"` // share of Sold that did not come
}

const (
	entryStep    = 5
	entryFirst   = -120
	entryLast    = 60
	mostEarlier  = 5
	longestEntry = 24 * time.Hour // longer shows are visited at any time
)

// scans are the tickets of a show by the minute of their scan.
type scans struct {
	sold int64
	at   []scan // ascending
}

type scan struct {
	at      time.Time
	tickets int64
}

func (s *scans) came() (n int64) {
	for _, one := range s.at {
		n += one.tickets
	}
	return n
}

// before is how many came before a moment.
func (s *scans) before(moment time.Time) (n int64) {
	for _, one := range s.at {
		if one.at.Before(moment) {
			n += one.tickets
		}
	}
	return n
}

// half is the end of the minute by which half of those who came were in.
func (s *scans) half() *time.Time {
	all, n := s.came(), int64(0)
	for _, one := range s.at {
		if n += one.tickets; 2*n >= all {
			end := one.at.Add(time.Minute)
			return &end
		}
	}
	return nil
}

// Entries are those of Filter.Show.
func (s *Store) Entries(ctx context.Context, f Filter) (Entries, error) {
	lines, err := s.lines(ctx, Filter{Version: f.Version}, false)
	if err != nil {
		return Entries{}, err
	}
	at := slices.IndexFunc(lines,
		func(l ShowLine) bool { return l.ShowID == f.Show && (f.Event == 0 || l.EventID == f.Event) })
	if at < 0 {
		return Entries{}, ErrNoEvent
	}
	e := Entries{Show: lines[at]}
	earlier := earlierShows(lines, e.Show)
	all, groups, err := s.readEntries(ctx, f, earlier)
	if err != nil {
		return e, err
	}
	if e.ReadAt, err = s.swept(ctx, e.Show.EventID); err != nil {
		return e, err
	}
	own := all[e.Show.ShowID]
	e.Sold, e.Came = own.sold, own.came()
	e.Channels, e.Prices = groups.byChannel(), groups.byPrice()
	switch begun := e.Show.Start != nil && !e.Show.Start.After(f.Version.AsOf); {
	case e.Sold == 0 && e.Show.Sold > 0:
		e.State = EntryUnknown
	case e.Sold == 0:
		e.State = EntryUnsold
	case e.Came == 0 && !begun:
		e.State = EntryToCome
	case e.Came == 0:
		e.State = EntryUnscanned
	case !e.Show.hasMoment():
		e.State = EntryAnyTime
	default:
		e.State = EntryInSteps
		e.measure(&own, earlier, all)
	}
	return e, nil
}

// hasMoment: people come to the show at its start.
func (l ShowLine) hasMoment() bool {
	return l.Start != nil && (l.Finish == nil || l.Finish.Sub(*l.Start) <= longestEntry)
}

// Alone are the entries without anything of other shows.
func (e Entries) Alone() Entries {
	e.Earlier, e.NoShows, e.Points = nil, nil, slices.Clone(e.Points)
	for i := range e.Points {
		e.Points[i].Usual = nil
	}
	return e
}

// earlierShows are the shows of the same event before this one that were not cancelled, the latest first.
func earlierShows(lines []ShowLine, show ShowLine) []ShowLine {
	if show.Start == nil {
		return nil
	}
	var list []ShowLine
	for _, l := range lines {
		if l.EventID == show.EventID && !l.Cancelled && l.hasMoment() && l.Start.Before(*show.Start) && l.LocalDate != nil {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b ShowLine) int {
		return cmp.Or(b.Start.Compare(*a.Start), cmp.Compare(a.ShowID, b.ShowID))
	})
	return list[:min(len(list), 4*mostEarlier)]
}

// measure tells when people came.
func (e *Entries) measure(own *scans, earlier []ShowLine, all map[uint64]scans) {
	e.Half = own.half()
	for _, l := range earlier {
		other := all[l.ShowID]
		if came := other.came(); came > 0 && len(e.Earlier) < mostEarlier {
			one := EarlierEntries{LocalDate: *l.LocalDate, Sold: other.sold, Came: came}
			for minute := entryFirst; minute <= entryLast; minute += entryStep {
				one.Points = append(one.Points, *share(other.before(afterStart(l, minute)), other.sold))
			}
			e.Earlier = append(e.Earlier, one)
		}
	}
	slices.Reverse(e.Earlier)
	for minute := entryFirst; minute <= entryLast; minute += entryStep {
		p := EntryPoint{Minute: minute, Came: own.before(afterStart(e.Show, minute)),
			Usual: medianOf(e.Earlier, func(o EarlierEntries) decimal.Decimal { return o.Points[len(e.Points)] })}
		p.Within = p.Came - own.before(afterStart(e.Show, minute-entryStep))
		if p.Usual != nil {
			usual := p.Usual.Mul(decimal.NewFromInt(e.Sold))
			p.Usual = &usual
		}
		e.Points = append(e.Points, p)
		if p.Within > 0 && (e.Peak == nil || p.Within > e.Peak.Within) {
			e.Peak = &p
		}
	}
	e.NoShows = medianOf(e.Earlier, func(o EarlierEntries) decimal.Decimal { return *share(o.Sold-o.Came, o.Sold) })
}

func afterStart(l ShowLine, minute int) time.Time {
	return l.Start.Add(time.Duration(minute) * time.Minute)
}

// medianOf a figure of earlier shows; nil: there are none.
func medianOf(earlier []EarlierEntries, figure func(EarlierEntries) decimal.Decimal) *decimal.Decimal {
	if len(earlier) == 0 {
		return nil
	}
	var list []decimal.Decimal
	for _, o := range earlier {
		list = append(list, figure(o))
	}
	slices.SortFunc(list, decimal.Decimal.Cmp)
	middle := decimal.Avg(list[(len(list)-1)/2], list[len(list)/2])
	return &middle
}

// entryGroups are the buyers of the show by UTM source and price.
type entryGroups []EntryGroup

// readEntries are the scans of the show and of earlier ones by show, and the buyers of the show.
func (s *Store) readEntries(ctx context.Context, f Filter, earlier []ShowLine) (map[uint64]scans, entryGroups, error) {
	ids := []string{unsigned(f.Show)}
	for _, l := range earlier {
		ids = append(ids, unsigned(l.ShowID))
	}
	p := f.parameters()
	p["shows"] = "[" + strings.Join(ids, ",") + "]"
	all := map[uint64]scans{}
	var groups entryGroups
	err := s.read(ctx, "entries", p, func(row func(...any) error) error {
		var show uint64
		var g EntryGroup
		var at *time.Time
		if err := row(&show, &g.Source, &g.From, &g.Currency, &at, &g.Sold); err != nil {
			return err
		}
		one := all[show]
		one.sold += g.Sold
		if at != nil {
			g.Came = g.Sold
			one.at = append(one.at, scan{*at, g.Sold})
		}
		all[show] = one
		if show == f.Show {
			groups = append(groups, g)
		}
		return nil
	})
	for _, one := range all {
		slices.SortFunc(one.at, func(a, b scan) int { return a.at.Compare(b.at) })
	}
	return all, groups, err
}

// swept is when all orders of an event were last read one by one.
func (s *Store) swept(ctx context.Context, event uint64) (*time.Time, error) {
	var at *time.Time
	err := s.read(ctx, "swept", map[string]string{"event": unsigned(event)}, func(scan func(...any) error) error {
		at = new(time.Time)
		return scan(at)
	})
	return at, err
}

// byChannel joins the buyers of each UTM source.
func (list entryGroups) byChannel() []EntryGroup {
	return list.joined(func(g EntryGroup) EntryGroup { return EntryGroup{Source: g.Source} },
		func(a, b EntryGroup) int { return cmp.Or(cmp.Compare(b.Sold, a.Sold), cmp.Compare(a.Source, b.Source)) })
}

// byPrice joins the buyers of each step of prices: 1, 2, 5, 10, 20, 50 ... of the currency.
func (list entryGroups) byPrice() []EntryGroup {
	return list.joined(func(g EntryGroup) EntryGroup {
		from, to := priceStep(g.From)
		return EntryGroup{Currency: g.Currency, From: from, To: to}
	}, func(a, b EntryGroup) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), a.From.Cmp(b.From), a.To.Cmp(b.To))
	})
}

// priceStep is the range a price lies in; of nothing, nothing.
func priceStep(price decimal.Decimal) (from, to decimal.Decimal) {
	if !price.IsPositive() {
		return decimal.Zero, decimal.Zero
	}
	to = decimal.NewFromInt(1)
	for i := 0; to.LessThanOrEqual(price); i++ {
		from = to
		to = decimal.NewFromInt([]int64{2, 5, 10}[i%3]).Shift(int32(i / 3))
	}
	return from, to
}

// joined sums up the groups that have the same key, and sorts them.
func (list entryGroups) joined(key func(EntryGroup) EntryGroup, order func(a, b EntryGroup) int) []EntryGroup {
	var all []EntryGroup
	at := map[string]int{}
	for _, g := range list {
		k := key(g)
		name := fmt.Sprint(k.Source, " ", k.Currency, " ", k.From, " ", k.To)
		i, known := at[name]
		if !known {
			i = len(all)
			at[name], all = i, append(all, k)
		}
		all[i].Sold += g.Sold
		all[i].Came += g.Came
	}
	for i := range all {
		all[i].NoShows = *share(all[i].Sold-all[i].Came, all[i].Sold)
	}
	slices.SortFunc(all, order)
	return all
}
