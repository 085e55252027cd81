package block

import (
	"context"
	"errors"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/russian"
)

// Builder turns the answers of one page into the views of its blocks, in one language.
type Builder struct {
	format.Locale
	Params  address.Params
	Now     time.Time // of the figures: their watermark
	Show    uint64    // whose pacing and hall are drawn: the chosen one, or the only one; 0: none
	Results map[string]Result
	House   House
	Typed   *TypedPlan // of a form that was not saved; nil: none was sent
	Shared  SharedLink // of a form that was sent
}

// say is a message that the program has stored, in the language of the page.
func (b Builder) say(message string) string { return russian.In(string(b.Locale), message) }

// Views are the blocks of the screen, top to bottom.
func (b Builder) Views() []View {
	var views []View
	for _, block := range At(b.Params.Screen) {
		if v, shown := b.View(block); shown {
			views = append(views, v)
		}
	}
	return views
}

// View is one block with its result, or a note that it failed; shown is false where it is left out.
func (b Builder) View(block Block) (v View, shown bool) {
	if block.OneShow && b.Show == 0 {
		return v, false
	}
	v = View{Locale: b.Locale, ID: block.ID, Half: block.Half, Title: b.T(block.ID + ".title")}
	result := b.Results[block.Question]
	switch {
	case errors.Is(result.Err, context.DeadlineExceeded):
		v.Failed = b.T("block.slow")
	case result.Err != nil:
		v.Failed = b.T("block.failed")
	default:
		if b.Params.Scope.NoMoney {
			result.Value = figures.WithoutMoney(result.Value)
		}
		block.fill(b, &v, result.Value)
	}
	if v.Table != nil && !b.Params.Scope.Shared {
		v.CSV, v.XLSX = b.Params.File("csv", block.ID), b.Params.File("xlsx", block.ID)
	}
	return v, !v.hidden
}
