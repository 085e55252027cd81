package pipeline

import (
	"context"
	"errors"
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Probe is what the API proved to honour in this run. An ignored filter looks like success
// (API notes, section 1, rule 3), so nothing is believed without proof.
type Probe struct {
	Where     bool   `json:"where"`      // a filter with a provably empty result came back empty
	UpdatedAt bool   `json:"updated_at"` // a range on updated_at splits the list exactly
	DateForm  string `json:"date_form,omitempty"`
	Why       string `json:"why,omitempty"` // what was not proven, and how it showed
}

func (p Probe) dates() qtickets.DateForm {
	if p.DateForm == dateForms[1].name {
		return dateForms[1].form
	}
	return dateForms[0].form
}

var dateForms = []struct {
	name string
	form qtickets.DateForm
}{{"offset", qtickets.DateOffset}, {"moscow", qtickets.DateMoscow}}

// probe tests the filters on a list whose newest order is known. The error is only for what makes the
// whole run pointless; an unproven filter is an answer.
func (r *run) probe(ctx context.Context, newest *qtickets.Order) (Probe, error) {
	var p Probe
	none, err := r.count(ctx, qtickets.DateOffset, qtickets.Condition{Column: "event_id", Value: int64(0)})
	switch {
	case notHonoured(err):
		p.Why = err.Error()
		return p, nil
	case err != nil:
		return p, err
	case none != 0:
		p.Why = fmt.Sprintf("a filter for event 0 answered a total of %d", none)
		return p, nil
	}
	p.Where = true
	if newest == nil || !newest.UpdatedAt.Valid {
		p.Why = "there is no order with updated_at to test a range on"
		return p, nil
	}
	for _, d := range dateForms {
		why, err := r.splits(ctx, d.form, newest)
		if errors.Is(err, errMoved) {
			why, err = r.splits(ctx, d.form, newest)
		}
		if errors.Is(err, errMoved) {
			why, err = err.Error(), nil
		}
		if err != nil {
			return p, err
		}
		if why == "" {
			p.UpdatedAt, p.DateForm, p.Why = true, d.name, ""
			return p, nil
		}
		p.Why = fmt.Sprintf("updated_at (%s dates): %s", d.name, why)
	}
	return p, nil
}

// errMoved is a list that does not add up; it may have changed between two requests, so it gets a
// second look.
var errMoved = errors.New("do not make")

// splits tells why a range on updated_at is not proven, "" when it is: from a moment on when an order is
// known to have changed there must be some, and with those before that moment they make up the list.
func (r *run) splits(ctx context.Context, dates qtickets.DateForm, newest *qtickets.Order) (why string, err error) {
	at := newest.UpdatedAt.Value
	var totals [4]int64
	for i, where := range [][]qtickets.Condition{
		nil,
		{{Column: "updated_at", Operator: ">=", Value: at}},
		{{Column: "updated_at", Operator: "<", Value: at}},
		nil,
	} {
		totals[i], err = r.count(ctx, dates, where...)
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
	case since+earlier < before || since+earlier > after:
		return "", fmt.Errorf("%d rows since a moment and %d before it %w %d", since, earlier, errMoved, after)
	}
	return "", nil
}

// count is the total of a filtered list; the client has checked the row that came with it.
func (r *run) count(ctx context.Context, dates qtickets.DateForm, where ...qtickets.Condition) (int64, error) {
	page, err := r.api.Orders(ctx, qtickets.Query{
		Where: where, OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: 1, Dates: dates,
	})
	return page.Paging.Total, err
}

func notHonoured(err error) bool {
	return errors.Is(err, qtickets.ErrIgnored) || errors.Is(err, qtickets.ErrRefused) || errors.Is(err, qtickets.ErrUnexpected)
}
