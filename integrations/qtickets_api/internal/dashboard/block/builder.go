package block

import (
	"context"
	"errors"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

// Builder turns the answers of one page into the views of its blocks, in one language.
type Builder struct {
	format.Locale
	Params  address.Params
	Now     time.Time // of the figures: their watermark
	Show    uint64    // whose pacing and hall are drawn: the chosen one, or the only one; 0: none
	Answers map[string]Answer
}

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

// View is one block with its answer, or with the honest word that it failed; shown is false where it is left out.
func (b Builder) View(block Block) (v View, shown bool) {
	if block.OneShow && b.Show == 0 {
		return v, false
	}
	v = View{Locale: b.Locale, ID: block.ID, Half: block.Half, Title: b.T(block.ID + ".title")}
	answer := b.Answers[block.Question]
	switch {
	case errors.Is(answer.Err, context.DeadlineExceeded):
		v.Failed = b.T("block.slow")
	case answer.Err != nil:
		v.Failed = b.T("block.failed")
	default:
		block.fill(b, &v, answer.Value)
	}
	if v.Table != nil {
		v.CSV = b.Params.CSV(block.ID)
	}
	return v, !v.hidden
}
