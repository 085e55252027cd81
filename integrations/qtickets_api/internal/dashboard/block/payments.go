package block

import (
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "payments", Screen: address.Channels, Order: 70}, (*figures.Store).PaymentTypes,
	Builder.payments)

func (b Builder) payments(v *View, payments figures.PaymentTypes) {
	if len(payments.Types) == 0 {
		v.Empty = b.T("period.nothing")
		return
	}
	var all []figures.Totals
	var most int64
	for _, p := range payments.Types {
		all = append(all, p.Totals)
		most = max(most, p.Tickets)
	}
	currencies, sum := currenciesOf(all...), figures.SumOf(all...)
	v.Table = &format.Table{Columns: b.channelColumns("column.payment", payments.Span, currencies)}
	for _, p := range payments.Types {
		name := format.Name(b.TOr("payment.type."+strings.ToLower(p.Type), p.Type))
		if strings.TrimSpace(p.Type) == "" {
			name = format.Text(b.T("payment.unknown")).WithMark("quiet")
		}
		line := channelLine{name, p.Totals, sum, p.Before, most, b.numbers().of(figures.ByPaymentType, p.Type)}
		v.Table.Rows = append(v.Table.Rows, format.Row{Cells: line.cells(payments.Span, currencies)})
	}
	before := sumOfBefore(payments.Types, func(p figures.PaymentType) *figures.Totals { return p.Before })
	v.Table.AddUp(b.totalLine(sum, before).cells(payments.Span, currencies)...)
}
