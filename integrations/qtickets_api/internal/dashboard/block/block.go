// Package block holds the blocks of the page, one file each: its descriptor (what it asks, where it stands) and what it
// shows, as a sentence, a table, a chart or cards.
package block

import (
	"cmp"
	"context"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// Block describes one block of the page. It is all there is to register: the loader, the screens and the CSVs go by it.
type Block struct {
	// ID is its name in addresses, in the catalogue of texts and in the stylesheet.
	ID string
	// Screen is where it stands, and Order its place there, from the top in the order of the numbers.
	Screen address.Screen
	Order  int
	// Half blocks stand two in a row where there is room.
	Half bool
	// OneShow blocks are left out when no show is chosen and there are several.
	OneShow bool
	// Question is the name of what it asks: its ID, or that of the block whose result it shares.
	Question string

	query func(context.Context, *figures.Store, figures.Filter) (any, error)
	fill  func(Builder, *View, any)
}

// Result is what the question of a block came to: its value, or why there is none.
type Result struct {
	Value any
	Err   error
}

// blocks are filled by define while the package is initialised, and never after.
var blocks []Block

// define registers a block: its query to the store, and how it shows the result.
func define[T any](b Block, query func(*figures.Store, context.Context, figures.Filter) (T, error),
	show func(Builder, *View, T)) Block {
	b.Question = cmp.Or(b.Question, b.ID)
	b.query = func(ctx context.Context, s *figures.Store, f figures.Filter) (any, error) { return query(s, ctx, f) }
	b.fill = func(builder Builder, v *View, result any) {
		value, _ := result.(T) // what was not asked is zero
		show(builder, v, value)
	}
	blocks = append(blocks, b)
	return b
}

// defineStatic registers a block that asks nothing.
func defineStatic(b Block, show func(Builder, *View)) Block {
	b.fill = func(builder Builder, v *View, _ any) { show(builder, v) }
	blocks = append(blocks, b)
	return b
}

// At are the blocks of a screen, top to bottom.
func At(s address.Screen) []Block {
	list := slices.DeleteFunc(slices.Clone(blocks), func(b Block) bool { return b.Screen != s })
	slices.SortFunc(list, func(a, b Block) int { return a.Order - b.Order })
	return list
}

// ByID is the block of a name; of one that stands on two screens, the first that was defined.
func ByID(id string) (Block, bool) {
	i := slices.IndexFunc(blocks, func(b Block) bool { return b.ID == id })
	if i < 0 {
		return Block{}, false
	}
	return blocks[i], true
}

// HasQuery reports whether the block has a question.
func (b Block) HasQuery() bool { return b.query != nil }

// Query puts the question of the block to the store.
func (b Block) Query(ctx context.Context, s *figures.Store, f figures.Filter) (any, error) {
	return b.query(ctx, s, f)
}
