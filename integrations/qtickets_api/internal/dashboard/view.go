package dashboard

import (
	"context"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// Block is a part of a screen: a heading that is the answer in words, and the figures behind it.
type Block struct {
	ID    string // also the name of its CSV
	Title string
	Note  string // one line under the heading
	// Failed says that this block alone could not be computed; nothing else is shown then.
	Failed string
	// Empty says why there is nothing to show.
	Empty string

	Cards   []CardView
	Lines   []Line
	Chart   *Chart
	Legend  []Key
	Table   *Table
	Feeds   []FeedView
	Terms   []Term
	Switch  []Link // tickets or money
	Heading *EventHead
	CSV     string // address of the table
	Half    bool   // two such blocks stand side by side where there is room
	Compact bool   // a table of short rows
}

// CardView is one big figure.
type CardView struct {
	Label  string
	Value  string
	Trend  string // "up", "down", "even" or "": nothing to compare with
	Change string
	Note   string
	More   []string // the same in other currencies
	Href   string
	Bad    bool // up is bad, as with refunds
}

// Line is an alert.
type Line struct {
	Text string
	Note string
	Next string // what to do
	Open bool
}

// Key is an entry of a chart's legend.
type Key struct{ Look, Text string }

// Link is a choice that is an address.
type Link struct {
	Text    string
	Href    string
	Current bool
	Key     string // of the keyboard
}

// EventHead is the top of the event screen.
type EventHead struct {
	Name  string
	Where string
	When  string
	Shows []Link
	Facts []CardView
	More  Link // one level aside: its channels
}

// FeedView is one feed with its day of runs.
type FeedView struct {
	Name, AsOf, Last, Rows, State, Sign string
	Ticks                               []TickView
	Says                                string // the day in words
}

// TickView is a run on the line of a day.
type TickView struct {
	X     string // 0 to 100
	State string
}

// builder turns figures into blocks in one language.
type builder struct {
	format
	ask ask
	d   *answers
	now time.Time // of the figures: their watermark
}

// blocks of a screen, top to bottom.
func (b builder) blocks() []Block {
	var list []Block
	switch b.ask.screen {
	case screenToday:
		list = []Block{b.alertsBlock("alerts"), b.cardsBlock(), b.hoursBlock(), b.weeksBlock(), b.showsBlock(), b.citiesBlock()}
	case screenEvent:
		list = []Block{b.eventBlock(), b.pacingBlock(), b.eventDaysBlock(), b.zonesBlock(), b.eventShowsBlock()}
	case screenChannels:
		list = []Block{b.daysBlock(), b.channelsBlock(), b.promoBlock(), b.heatBlock(), b.leadBlock(), b.sizesBlock(), b.paymentsBlock()}
	case screenData:
		list = []Block{b.alertsBlock("alerts"), b.feedsBlock(), b.runsBlock(), b.quarantineBlock(), b.historyBlock(), b.glossaryBlock()}
	}
	kept := list[:0]
	for _, block := range list {
		if block.ID == "" {
			continue
		}
		block.Half = halves[block.ID]
		if block.Table != nil && block.Failed == "" {
			block.CSV = b.ask.csvURL(block.ID)
		}
		kept = append(kept, block)
	}
	return kept
}

// halves stand two in a row where there is room.
var halves = map[string]bool{"hours": true, "weeks": true, "promo": true, "heat": true, "lead": true, "sizes": true}

// made starts a block: with its title, or with the honest word that it failed.
func made[T any](b builder, id string, r result[T]) (Block, bool) {
	if r.err == nil {
		return Block{ID: id, Title: b.T(id + ".title")}, true
	}
	reason := "block.failed"
	if errors.Is(r.err, context.DeadlineExceeded) {
		reason = "block.slow"
	}
	return Block{ID: id, Title: b.T(id + ".title"), Failed: b.T(reason)}, false
}

// mainCurrency of figures; what a world without sales sells in is not known.
func mainCurrency(currencies []string) string {
	if len(currencies) == 0 {
		return ""
	}
	return currencies[0]
}

func currenciesOf(all ...figures.Totals) []string {
	var list []string
	seen := map[string]bool{}
	for _, f := range all {
		for _, a := range f.Money {
			if !seen[a.Currency] {
				seen[a.Currency] = true
				list = append(list, a.Currency)
			}
		}
	}
	return list
}

// columns makes columns of figures behind a first one of words.
func (b builder) columns(first string, keys ...string) []Column {
	list := []Column{{Name: b.T(first), Plain: true}}
	for _, key := range keys {
		list = append(list, Column{Name: b.T(key)})
	}
	return list
}

func toFloat(d *decimal.Decimal) *float64 {
	if d == nil {
		return nil
	}
	return at(d.InexactFloat64())
}

// moneyColumns are paid and given back in each currency, and moneyCells their cells.
func (b builder) moneyColumns(currencies []string) []Column {
	var list []Column
	for _, c := range currencies {
		list = append(list, Column{Name: b.T("column.gross", c)}, Column{Name: b.T("column.refunds", c)})
	}
	return list
}

func moneyCells(f figures.Totals, currencies []string) []Cell {
	var list []Cell
	for _, c := range currencies {
		in := f.In(c)
		refunds := moneyCell(in.Refunds, c)
		refunds = refunds.mark(lost(in.Refunds.Sign() > 0))
		gross := moneyCell(in.Gross, c)
		if in.Gross.IsZero() {
			gross = gross.mark("quiet")
		}
		list = append(list, gross, refunds)
	}
	return list
}

// lost marks what was given back; nothing is no news.
func lost(any bool) string {
	if any {
		return "bad"
	}
	return "quiet"
}

// byLinks switches charts between tickets and money.
func (b builder) byLinks() []Link {
	return []Link{
		{Text: b.T("by.tickets"), Current: !b.ask.money, Href: b.ask.url(func(a *ask) { a.money = false })},
		{Text: b.T("by.money"), Current: b.ask.money, Href: b.ask.url(func(a *ask) { a.money = true })},
	}
}

// axis writes a label of a value axis; its unit is in the legend.
func (b builder) axis(x float64) string { return b.Short(decimal.NewFromFloat(x)) }
