package webhook_test

import (
	"slices"
	"testing"
)

// TestFault1_1_WhatADeliveryReplaces: the orders that the announced one replaces are kept, in whatever form they come;
// nothing else of the body is.
func TestFault1_1_WhatADeliveryReplaces(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]uint64{
		`{"id":7,"primary_orders":[{"id":5,"uniqid":"canary","price":900},{"id":"6"}]}`: {5, 6},
		`{"id":7,"primary_orders":[6,"5",5]}`:                                           {5, 6},
		`{"id":7,"primary_orders":{"3":{"id":5}}}`:                                      {5},
		`{"id":7,"primary_orders":[{"uniqid":"canary"},null,"canary",-4,[5]]}`:          nil,
		`{"id":7,"primary_orders":"canary"}`:                                            nil,
		`{"id":7,"primary_orders":null}`:                                                nil,
		`{"id":7}`:                                                                      nil,
	} {
		b := newBench(t)
		if status := b.send(t, delivery{kind: "payed", body: body}); status != 200 {
			t.Errorf("%s: status %d", body, status)
		}
		for _, saved := range b.saved {
			if saved.OrderID != 7 || !slices.Equal(saved.PrimaryOrders, want) {
				t.Errorf("%s: order %d replaces %v, want %v", body, saved.OrderID, saved.PrimaryOrders, want)
			}
		}
		if len(b.saved) != 1 {
			t.Errorf("%s: %d deliveries", body, len(b.saved))
		}
	}
}
