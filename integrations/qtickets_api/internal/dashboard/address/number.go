package address

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// minute is how an address has a moment: on the Moscow clock.
const minute = "2006-01-02T15:04"

// mostPages bounds how far an address may leaf.
const mostPages = 100_000

// numberQuery adds what names a number of the page: "?figure=tickets&since=…&upto=…&of=utm&key=vk&key=cpc".
func numberQuery(q url.Values, n figures.Number) {
	q.Set("figure", string(n.Figure))
	if n.Currency != "" {
		q.Set("currency", n.Currency)
	}
	if !n.Since.IsZero() {
		q.Set("since", n.Since.In(sales.Moscow).Format(minute))
	}
	if !n.Upto.IsZero() {
		q.Set("upto", n.Upto.In(sales.Moscow).Format(minute))
	}
	if n.Of != "" {
		q.Set("of", string(n.Of))
		q["key"] = n.Keys[:n.Depth]
	}
	if n.Page > 0 {
		q.Set("page", strconv.Itoa(n.Page+1))
	}
}

// parseNumber reads what numberQuery writes. The error names the parameter that cannot be read.
func parseNumber(q url.Values) (n figures.Number, err error) {
	n.Figure, n.Currency, n.Of = figures.Figure(q.Get("figure")), q.Get("currency"), figures.By(q.Get("of"))
	if !slices.Contains(figures.Figures(), n.Figure) {
		return n, errors.New("figure")
	}
	if len(n.Currency) > 10 || !utf8.ValidString(n.Currency) || n.Figure.IsMoney() && n.Currency == "" {
		return n, errors.New("currency")
	}
	if n.Since, err = parseMinute(q, "since"); err != nil {
		return n, err
	}
	if n.Upto, err = parseMinute(q, "upto"); err != nil {
		return n, err
	}
	if err := parseKeys(q["key"], &n); err != nil {
		return n, err
	}
	if q.Get("page") == "" {
		return n, nil
	}
	page, err := strconv.Atoi(q.Get("page"))
	if err != nil || page < 1 || page > mostPages {
		return n, errors.New("page")
	}
	n.Page = page - 1
	return n, nil
}

func parseMinute(q url.Values, name string) (time.Time, error) {
	if q.Get(name) == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(minute, q.Get(name), sales.Moscow)
	if err != nil || at.Year() < 2000 || at.Year() > 2100 {
		return time.Time{}, errors.New(name)
	}
	return at, nil
}

// parseKeys reads whose movements are meant.
func parseKeys(keys []string, n *figures.Number) error {
	least, most, counts := 1, 1, false
	switch n.Of {
	case "", figures.ByWeek:
		return nil
	case figures.ByUTM:
		most = len(n.Keys)
	case figures.ByCity, figures.ByPromoCode, figures.ByPaymentType, figures.BySite:
	case figures.BySize:
		counts = true
	case figures.ByLead:
		least, most, counts = 2, 2, true
	case figures.ByHour:
		least, most = 2, 2
		if len(keys) != 2 || !within(keys[0], 1, 7) || !within(keys[1], 0, 23) {
			return errors.New("key")
		}
	case figures.ByPlan:
		least, most = 2, 2
		if len(keys) != 2 || !isMonth(keys[0]) || keys[1] != figures.PlanTickets && keys[1] != figures.PlanRevenue {
			return errors.New("key")
		}
	default:
		return errors.New("of")
	}
	if len(keys) < least || len(keys) > most {
		return errors.New("key")
	}
	for _, key := range keys {
		if _, err := strconv.ParseInt(key, 10, 32); counts && err != nil {
			return errors.New("key")
		}
		if len(key) > longestText || !utf8.ValidString(key) {
			return errors.New("key")
		}
	}
	n.Depth = copy(n.Keys[:], keys)
	return nil
}

// within tells whether a text is a whole number between two others.
func within(text string, least, most int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && least <= n && n <= most
}

// isMonth tells whether a text is a month, 202612.
func isMonth(text string) bool {
	month, err := time.Parse("200601", text)
	return err == nil && month.Year() >= 2000 && month.Year() <= 2100
}
