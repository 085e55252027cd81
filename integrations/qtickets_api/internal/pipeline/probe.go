package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Probe is what the API proved to honour in this run. An ignored filter looks like success
// (API notes, section 1, rule 3), so nothing is believed without proof.
type Probe struct {
	Transport  string `json:"transport"`  // how queries travel: body, or brackets where a body does not arrive
	Where      bool   `json:"where"`      // a filter with a provably empty result came back empty
	OrderBy    bool   `json:"order_by"`   // the newest orders came first when asked for
	PerPage    int    `json:"per_page"`   // rows of a page when 100 are asked for
	UpdatedAt  bool   `json:"updated_at"` // a range on updated_at splits the list exactly
	TimeFormat string `json:"date_form,omitempty"`
	Why        string `json:"why,omitempty"` // what was not proven, and how it showed
	// tested tells that there are orders to leave out of a list, and ranged that one could split it.
	tested, ranged bool
	pages          int // of the list of all orders
}

// Ways queries travel.
const (
	transportBody     = "body"
	transportBrackets = "brackets"
)

func (p Probe) timeFormat() qtickets.TimeFormat {
	if p.TimeFormat == timeFormats[1].name {
		return timeFormats[1].format
	}
	return timeFormats[0].format
}

var timeFormats = []struct {
	name   string
	format qtickets.TimeFormat
}{{"offset", qtickets.DateOffset}, {"moscow", qtickets.DateMoscow}}

// pageRows is how many orders a page holds.
func (p Probe) pageRows() int {
	if p.PerPage == 0 {
		return 50 // the default of the API (API notes, section 4)
	}
	return p.PerPage
}

// Change says how the behaviour of the API differs from an earlier probe, "" when it does not.
func (p Probe) Change(before Probe) string {
	var changes []string
	compare := func(name string, was, is any) {
		if was != is {
			changes = append(changes, fmt.Sprintf("%s: %v, was %v", name, is, was))
		}
	}
	compare("transport", before.Transport, p.Transport)
	compare("where", before.Where, p.Where)
	compare("order_by", before.OrderBy, p.OrderBy)
	compare("per_page", before.PerPage, p.PerPage)
	compare("updated_at", before.UpdatedAt, p.UpdatedAt)
	compare("date_form", before.TimeFormat, p.TimeFormat)
	return strings.Join(changes, "; ")
}

// probe learns what the API honours today and keeps it in the report. The error is only for what makes
// the whole run pointless; an unproven filter is a result.
func (r *run) probe(ctx context.Context) error {
	p, err := ProbeAPI(ctx, r.api, r.acceptedMissing())
	r.report.Probe = &p
	if err != nil {
		return err
	}
	if p.Transport == transportBrackets {
		r.api = r.api.WithEncoding(qtickets.BracketParams)
	}
	r.Logger.Info("Probed the API", "transport", p.Transport, "where", p.Where, "order_by", p.OrderBy, "per_page",
		p.PerPage,
		"updated_at", p.UpdatedAt, "date_form", p.TimeFormat, "why", p.Why)
	r.compareProbe()
	return r.observeProbe(ctx)
}

// compareProbe reports what changed since the last run that probed.
func (r *run) compareProbe() {
	var before Probe
	// No probe, or one of another version of the program, tells nothing.
	if json.Unmarshal([]byte(r.before.Probe), &before) != nil || before.Transport == "" {
		return
	}
	if r.report.ProbeChange = r.report.Probe.Change(before); r.report.ProbeChange != "" {
		r.Logger.Warn("API behaviour changed", "change", r.report.ProbeChange)
	}
}

// disableFilter records that something does not hold that the probe had found to hold.
func (r *run) disableFilter(what string, err error) {
	r.report.Probe.Why = err.Error()
	r.Logger.Warn("The API does not honour "+what, "why", err.Error())
}

// ProbeAPI finds out what an API honours, with a handful of small requests that only read. missing is how many orders
// a total may count that no list holds.
func ProbeAPI(ctx context.Context, api *qtickets.Client, missing int64) (Probe, error) {
	p := Probe{Transport: transportBody}
	// First a request whose response cannot be empty: a cache that repeats it shows in the others.
	newest, err := p.probeOrder(ctx, api)
	if err != nil {
		return p, err
	}
	if err := p.probeWhere(ctx, &api, missing); err != nil {
		return p, err
	}
	if p.Transport == transportBrackets {
		if newest, err = p.probeOrder(ctx, api); err != nil {
			return p, err
		}
	}
	if !p.Where {
		return p, nil
	}
	if newest == nil || !newest.UpdatedAt.Valid {
		p.Why = "there is no order with updated_at to test a range on"
		return p, nil
	}
	p.ranged = true
	return p, p.probeRange(ctx, api, rangeProof{newest, missing})
}

// noEvent is the id of no event. It is not 0, which PHP may take for no value at all, so that the filter would be
// dropped.
const noEvent int64 = 2_000_000_000

// probeWhere sends a filter that nothing can match, in the body and else in the address (API notes, section
// 18, row 12), and leaves the client with the encoding that works.
func (p *Probe) probeWhere(ctx context.Context, api **qtickets.Client, missing int64) error {
	for _, try := range []struct {
		name string
		api  *qtickets.Client
	}{{transportBody, *api}, {transportBrackets, (*api).WithEncoding(qtickets.BracketParams)}} {
		none, err := count(ctx, try.api, qtickets.DateOffset, qtickets.Condition{Column: "event_id", Value: noEvent})
		switch {
		case notHonoured(err):
			p.addReason(try.name, err.Error())
		case err != nil:
			return err
		case none > missing:
			p.addReason(try.name, fmt.Sprintf("a filter for event %d matched %d orders", noEvent, none))
		default:
			p.Where, p.Transport, *api = true, try.name, try.api
			return nil
		}
	}
	return nil
}

func (p *Probe) addReason(transport, why string) {
	if p.Why != "" {
		p.Why += "; "
	}
	p.Why += transport + ": " + why
}

// probeOrder asks for the newest orders and returns the first.
func (p *Probe) probeOrder(ctx context.Context, api *qtickets.Client) (*qtickets.Order, error) {
	page, err := api.Orders(ctx, qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: pageSize})
	switch {
	case notHonoured(err):
		p.addReason("orderBy", err.Error())
	case err != nil:
		return nil, err
	default:
		// A single row, or none, is in any order.
		p.OrderBy = slices.IsSortedFunc(page.Rows, func(a, b qtickets.Order) int { return int(b.ID - a.ID) })
	}
	p.PerPage = page.Paging.PerPage
	p.pages = int(page.Paging.Total) / p.pageRows() // the last one may not be full
	if p.tested = len(page.Rows) > 0; !p.tested {
		return nil, nil
	}
	return &page.Rows[0], nil
}

// probeRange tries a range on updated_at with each time format.
func (p *Probe) probeRange(ctx context.Context, api *qtickets.Client, proof rangeProof) error {
	for _, d := range timeFormats {
		why, err := proof.splits(ctx, api, d.format)
		if errors.Is(err, errMoved) {
			why, err = proof.splits(ctx, api, d.format)
		}
		if errors.Is(err, errMoved) {
			why, err = err.Error(), nil
		}
		if err != nil {
			return err
		}
		if why == "" {
			p.UpdatedAt, p.TimeFormat, p.Why = true, d.name, ""
			return nil
		}
		p.Why = fmt.Sprintf("updated_at (%s dates): %s", d.name, why)
	}
	return nil
}

// errMoved is a list that does not add up; it may have changed between two requests, so it is read a
// second time.
var errMoved = errors.New("do not make")

// rangeProof is what a range on updated_at is proven with.
type rangeProof struct {
	newest  *qtickets.Order // known to have changed when it says
	missing int64           // so many orders a total may count that no list holds
}

// splits tells why a range on updated_at is not proven, "" when it is: from a moment on when an order is
// known to have changed there must be some, and with those before that moment they make up the list.
func (p rangeProof) splits(
	ctx context.Context, api *qtickets.Client, format qtickets.TimeFormat,
) (why string, err error) {
	at := p.newest.UpdatedAt.Value
	var totals [4]int64
	for i, where := range [][]qtickets.Condition{
		nil,
		{{Column: "updated_at", Operator: ">=", Value: at}},
		{{Column: "updated_at", Operator: "<", Value: at}},
		nil,
	} {
		totals[i], err = count(ctx, api, format, where...)
		if notHonoured(err) {
			return err.Error(), nil
		}
		if err != nil {
			return "", err
		}
	}
	before, since, earlier, after := totals[0], totals[1], totals[2], totals[3]
	switch {
	case since == 0:
		return "an order known to be in the window was not found", nil
	case since+earlier < before-p.missing || since+earlier > after+p.missing:
		return "", fmt.Errorf("%d rows since a moment and %d before it %w %d", since, earlier, errMoved, after)
	}
	return "", nil
}

// count is the total of a filtered list; the client has checked the row that came with it.
func count(ctx context.Context, api *qtickets.Client, format qtickets.TimeFormat, where ...qtickets.Condition) (int64,
	error) {
	page, err := api.Orders(ctx, qtickets.Query{
		Where: where, OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: 1, Dates: format,
	})
	return page.Paging.Total, err
}

func notHonoured(err error) bool {
	return errors.Is(err, qtickets.ErrIgnored) || errors.Is(err, qtickets.ErrRefused) ||
		errors.Is(err, qtickets.ErrUnexpected)
}
