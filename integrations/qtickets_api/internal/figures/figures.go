// Package figures answers the questions of the page: one method of Store each, with its SQL in sql/. Everything is read
// from published views with the rights of a reader, and all answers of one Version agree.
package figures

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Totals are what moved in some stretch of time: sales by the moment of payment, refunds by the moment of the refund.
// What happened on a day stays on it.
type Totals struct {
	Tickets  int64     // paid, those refunded later included, cancelled ones not
	Free     int64     // of Tickets, those that cost nothing
	Orders   int64     // paid orders; one with tickets for several shows counts once
	Refunded int64     // tickets refunded
	Money    []Amounts `money:"yes"` // by currency, the main one first; empty: no money at all
}

// Amounts are the money of Totals in one currency. Amounts of different currencies are never added.
type Amounts struct {
	Currency string
	Gross    decimal.Decimal `money:"yes"` // paid
	Refunds  decimal.Decimal `money:"yes"` // given back
	Paid     int64           // tickets in Gross with a price above zero
}

// Net is what came in and stayed.
func (a Amounts) Net() decimal.Decimal { return a.Gross.Sub(a.Refunds) }

// Average is the price of a ticket that costs anything; nil: there was none.
func (a Amounts) Average() *decimal.Decimal {
	if a.Paid == 0 {
		return nil
	}
	average := a.Gross.DivRound(decimal.NewFromInt(a.Paid), 2)
	return &average
}

// In are the amounts in a currency, zero if there are none.
func (f Totals) In(currency string) Amounts {
	for _, a := range f.Money {
		if a.Currency == currency {
			return a
		}
	}
	return Amounts{Currency: currency}
}

// totalsRow is a row of a query: totals in one currency.
type totalsRow struct {
	currency                string
	tickets, free, refunded int64
	orders                  uint64
	gross, refunds          decimal.Decimal
}

func (m *totalsRow) columns() []any {
	return []any{&m.currency, &m.tickets, &m.free, &m.orders, &m.refunded, &m.gross, &m.refunds}
}

// add adds a row.
func (f *Totals) add(m totalsRow) {
	f.Tickets += m.tickets
	f.Free += m.free
	f.Orders += int64(m.orders)
	f.Refunded += m.refunded
	if m.tickets == m.free && m.gross.IsZero() && m.refunds.IsZero() {
		return
	}
	at := slices.IndexFunc(f.Money, func(a Amounts) bool { return a.Currency == m.currency })
	if at < 0 {
		at = len(f.Money)
		f.Money = append(f.Money, Amounts{Currency: m.currency})
	}
	f.Money[at].Gross = f.Money[at].Gross.Add(m.gross)
	f.Money[at].Refunds = f.Money[at].Refunds.Add(m.refunds)
	f.Money[at].Paid += m.tickets - m.free
}

// plus adds other figures.
func (f *Totals) plus(other Totals) {
	f.Tickets += other.Tickets
	f.Free += other.Free
	f.Orders += other.Orders
	f.Refunded += other.Refunded
	for _, a := range other.Money {
		at := slices.IndexFunc(f.Money, func(own Amounts) bool { return own.Currency == a.Currency })
		if at < 0 {
			f.Money = append(f.Money, a)
			continue
		}
		own := &f.Money[at]
		own.Gross, own.Refunds, own.Paid = own.Gross.Add(a.Gross), own.Refunds.Add(a.Refunds), own.Paid+a.Paid
	}
}

// SumOf are the figures of parts that share no order.
func SumOf(parts ...Totals) Totals {
	var sum Totals
	for _, part := range parts {
		sum.plus(part)
	}
	return sum
}

// order puts the main currency first.
func (f *Totals) order(currencies []string) { orderMoney(f.Money, currencies) }

func orderMoney(money []Amounts, currencies []string) {
	slices.SortFunc(money, func(a, b Amounts) int {
		return slices.Index(currencies, a.Currency) - slices.Index(currencies, b.Currency)
	})
}

// byTickets orders figures by tickets, then by name.
func byTickets(a, b Totals, aKeys, bKeys []string) int {
	if a.Tickets != b.Tickets {
		if a.Tickets > b.Tickets {
			return -1
		}
		return 1
	}
	return slices.Compare(aKeys, bKeys)
}

// share of a total; nil when the total is zero.
func share(part, total int64) *decimal.Decimal {
	if total == 0 {
		return nil
	}
	d := decimal.NewFromInt(part).DivRound(decimal.NewFromInt(total), ratioDigits)
	return &d
}

// ratioDigits are more than anything shows, so that a ratio is rounded once, when it is written.
const ratioDigits = 12
